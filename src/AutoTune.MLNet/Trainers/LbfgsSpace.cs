using Options = Microsoft.ML.Trainers.LbfgsPoissonRegressionTrainer.Options;

namespace AutoTune.MLNet;

/// <summary>The space of the L-BFGS trainers (limited-memory quasi-Newton); defaults are those of their options.</summary>
internal static class LbfgsSpace
{
    public static Func<Configuration, TOptions> Declare<TOptions>(SearchSpaceBuilder space) where TOptions : class, new()
        => space.Bind<TOptions>()
            .Real(nameof(Options.L1Regularization), 1e-5, 100, Scale.Log)
            .Real(nameof(Options.L2Regularization), 1e-5, 100, Scale.Log)
            .Real(nameof(Options.OptimizationTolerance), 1e-9, 1e-3, Scale.Log)
            .Integer(nameof(Options.HistorySize), 5, 50, Scale.Log)
            .Create;
}
