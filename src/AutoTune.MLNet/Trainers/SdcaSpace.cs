using Options = Microsoft.ML.Trainers.SdcaRegressionTrainer.Options;

namespace AutoTune.MLNet;

/// <summary>The space of the SDCA trainers (stochastic dual coordinate ascent).</summary>
/// <remarks>
/// By default the trainer derives its penalties from the data, which no number stands for. Hence a choice: Automatic, the default, or Chosen,
/// with two penalties that exist only then.
/// </remarks>
internal static class SdcaSpace
{
    public static Func<Configuration, TOptions> Declare<TOptions>(SearchSpaceBuilder space) where TOptions : class, new()
    {
        var chosen = space.AddCategorical("Regularization", ["Automatic", "Chosen"]).Is("Chosen");
        return space.Bind<TOptions>()
            .Real(nameof(Options.L2Regularization), 1e-8, 1, Scale.Log, defaultValue: 1e-4, activeWhen: chosen)
            .Real(nameof(Options.L1Regularization), 0, 1, defaultValue: 0, activeWhen: chosen)
            .Real(nameof(Options.ConvergenceTolerance), 1e-3, 0.5, Scale.Log)
            .Real(nameof(Options.BiasLearningRate), 0, 1)
            .Create;
    }
}
