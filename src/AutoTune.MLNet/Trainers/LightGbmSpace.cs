using Microsoft.ML.Trainers.LightGbm;
using Options = Microsoft.ML.Trainers.LightGbm.LightGbmRegressionTrainer.Options;

namespace AutoTune.MLNet;

/// <summary>The space of LightGBM's trainers. Ranges chosen, because a fit at their costly end stays within seconds on tens of thousands of rows.</summary>
internal static class LightGbmSpace
{
    private const long ManyRows = 100_000;
    private const int MaximumIterations = 2000; // where LightGBM ends by itself

    /// <summary>Refuses a share of rows for early stopping that is none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not from 0 to below 1.</exception>
    public static void CheckShare(double earlyStoppingShare)
    {
        if (earlyStoppingShare is >= 0 and < 1) return;
        throw new ArgumentOutOfRangeException(nameof(earlyStoppingShare), earlyStoppingShare,
            "The share of rows for early stopping must be above 0 and below 1, such as 0.1, or 0 for none.");
    }

    /// <param name="space">Where to declare.</param>
    /// <param name="data">Decides some of the trainer's defaults.</param>
    /// <param name="classesOf">The label column if there are several classes, else null.</param>
    /// <param name="setBooster">Puts the booster into the options.</param>
    /// <param name="mayStopEarly">Whether LightGBM's own early stopping is part of the space.</param>
    public static Func<Configuration, TOptions> Declare<TOptions>(SearchSpaceBuilder space, DataProfile data, string? classesOf,
        Action<TOptions, GradientBooster.Options> setBooster, bool mayStopEarly = false)
        where TOptions : class, new()
    {
        // What the trainer itself falls back on where its options are null; the names are the same in all of its options classes.
        var leaves = data.Rows <= ManyRows ? 20 : 30;
        var rate = data.Rows <= ManyRows ? 0.2 : 0.25;
        // How the number of trees is found: given, as by the trainer's defaults, or by LightGBM on rows that it holds out.
        var trees = mayStopEarly ? space.AddCategorical("Trees", ["Given", "EarlyStopping"]) : null;
        var options = space.Bind<TOptions>();
        if (trees is not null) options.Integer(nameof(Options.EarlyStoppingRound), 5, 100, Scale.Log, defaultValue: 20, activeWhen: trees.Is("EarlyStopping"));
        options.Integer(nameof(Options.NumberOfIterations), 20, 500, Scale.Log, activeWhen: trees?.Is("Given"))
            .Integer(nameof(Options.NumberOfLeaves), 4, 512, Scale.Log, defaultValue: leaves)
            .Integer(nameof(Options.MinimumExampleCountPerLeaf), 1, 200, Scale.Log, defaultValue: ExamplesPerLeaf(data, classesOf, leaves))
            .Real(nameof(Options.LearningRate), 0.01, 0.5, Scale.Log, defaultValue: rate);
        var booster = space.Bind<GradientBooster.Options>()
            .Real(o => o.L2Regularization, 1e-4, 10, Scale.Log)
            .Real(o => o.FeatureFraction, 0.3, 1)
            .Real(o => o.SubsampleFraction, 0.5, 1);
        return configuration =>
        {
            var chosen = booster.Create(configuration);
            chosen.SubsampleFrequency = chosen.SubsampleFraction < 1 ? 1 : 0; // at 0, its default, the fraction has no effect
            var made = options.Create(configuration);
            setBooster(made, chosen);
            if (trees is not null && configuration.Get(trees) == "EarlyStopping") TreeCount.Set(made, _ => MaximumIterations);
            return made;
        };
    }

    private static int ExamplesPerLeaf(DataProfile data, string? classesOf, int leaves)
        => classesOf is not null && data.Classes(classesOf) is > 1 and { } classes
            ? (int)Math.Clamp(data.Rows / leaves / classes / 10, 5, 50)
            : 20;
}
