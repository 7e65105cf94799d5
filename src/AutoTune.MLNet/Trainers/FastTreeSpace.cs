using Options = Microsoft.ML.Trainers.FastTree.FastTreeRegressionTrainer.Options;

namespace AutoTune.MLNet;

/// <summary>The space of the FastTree trainers; defaults are those of their options. Ranges chosen to go with <see cref="LightGbmSpace"/>.</summary>
internal static class FastTreeSpace
{
    public static Func<Configuration, TOptions> Declare<TOptions>(SearchSpaceBuilder space) where TOptions : class, new()
        => space.Bind<TOptions>()
            .Integer(nameof(Options.NumberOfTrees), 20, 500, Scale.Log)
            .Integer(nameof(Options.NumberOfLeaves), 4, 512, Scale.Log)
            .Integer(nameof(Options.MinimumExampleCountPerLeaf), 1, 200, Scale.Log)
            .Real(nameof(Options.LearningRate), 0.01, 0.5, Scale.Log)
            .Real(nameof(Options.FeatureFraction), 0.3, 1)
            .Integer(nameof(Options.MaximumBinCountPerFeature), 15, 1023, Scale.Log)
            .Create;
}
