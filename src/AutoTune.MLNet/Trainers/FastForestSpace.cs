using Options = Microsoft.ML.Trainers.FastTree.FastForestRegressionTrainer.Options;

namespace AutoTune.MLNet;

/// <summary>The space of the FastForest trainers; defaults are those of their options. A forest wants larger trees than boosting does.</summary>
internal static class FastForestSpace
{
    public static Func<Configuration, TOptions> Declare<TOptions>(SearchSpaceBuilder space) where TOptions : class, new()
        => space.Bind<TOptions>()
            .Integer(nameof(Options.NumberOfTrees), 20, 500, Scale.Log)
            .Integer(nameof(Options.NumberOfLeaves), 4, 1024, Scale.Log)
            .Integer(nameof(Options.MinimumExampleCountPerLeaf), 1, 200, Scale.Log)
            .Real(nameof(Options.FeatureFraction), 0.3, 1)
            .Real(nameof(Options.FeatureFractionPerSplit), 0.3, 1)
            .Real(nameof(Options.BaggingExampleFraction), 0.3, 1)
            .Create;
}
