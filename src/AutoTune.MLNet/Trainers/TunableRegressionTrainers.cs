using System.Diagnostics.CodeAnalysis;
using AutoTune.MLNet;
using Microsoft.ML;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;

namespace AutoTune;

/// <summary>Regression trainers with their spaces.</summary>
/// <remarks>
/// The defaults of each space are the trainer's own, so the first trial is what ML.NET does untuned. Trainers use as many threads as
/// <see cref="PipelineTuningExtensions.WithThreadsPerTrial"/> says, one by default.
/// </remarks>
[SuppressMessage("Performance", "CA1822", Justification = "Found on an instance, like ML.NET's own catalogs.")]
public sealed class TunableRegressionTrainers
{
    internal static TunableRegressionTrainers Instance { get; } = new();

    private TunableRegressionTrainers() { }

    /// <summary>LightGBM: boosted trees.</summary>
    /// <param name="labelColumnName">The label column.</param>
    /// <param name="featureColumnName">The features column.</param>
    /// <param name="exampleWeightColumnName">The weight column; null: none.</param>
    /// <param name="configure">Sets what is not tuned, last of all; a configuration does not show it. Null: nothing.</param>
    /// <param name="earlyStoppingShare">
    /// A share of the rows of each fit, such as 0.1, that LightGBM may hold out to find its number of trees: a choice "Trees" then joins the space, between a number
    /// given as before, the default, and LightGBM's own early stopping (at most 2000 trees) after a number of rounds without improvement, which is searched too.
    /// 0 by default: not part of the space. Rows of a group of the folds stay together.
    /// </param>
    public TunablePipeline LightGbm(string labelColumnName = "Label", string featureColumnName = "Features", string? exampleWeightColumnName = null,
        Action<LightGbmRegressionTrainer.Options>? configure = null, double earlyStoppingShare = 0)
    {
        LightGbmSpace.CheckShare(earlyStoppingShare);
        return TrainerStep.Of("LightGbm", new TrainerColumns(labelColumnName, featureColumnName, exampleWeightColumnName),
            (space, data) => LightGbmSpace.Declare<LightGbmRegressionTrainer.Options>(space, data, null,
                (options, booster) => (options.Booster, options.Deterministic) = (booster, true), mayStopEarly: earlyStoppingShare > 0), configure,
            (build, options) =>
            {
                LightGbmLibrary.Demand();
                options.NumberOfThreads ??= build.Threads;
                var trainer = build.Context.Regression.Trainers.LightGbm(options);
                return earlyStoppingShare > 0 && options.EarlyStoppingRound > 0 ? new EarlyStoppedTrainer(build, trainer, trainer.Fit, earlyStoppingShare) : trainer;
            });
    }

    /// <summary>FastTree: boosted trees (MART).</summary>
    /// <param name="labelColumnName">The label column.</param>
    /// <param name="featureColumnName">The features column.</param>
    /// <param name="exampleWeightColumnName">The weight column; null: none.</param>
    /// <param name="configure">Sets what is not tuned, last of all; a configuration does not show it. Null: nothing.</param>
    public TunablePipeline FastTree(string labelColumnName = "Label", string featureColumnName = "Features", string? exampleWeightColumnName = null,
        Action<FastTreeRegressionTrainer.Options>? configure = null)
        => TrainerStep.Of("FastTree", new TrainerColumns(labelColumnName, featureColumnName, exampleWeightColumnName),
            (space, _) => FastTreeSpace.Declare<FastTreeRegressionTrainer.Options>(space), configure,
            (build, options) =>
            {
                options.NumberOfThreads ??= build.Threads;
                return build.Context.Regression.Trainers.FastTree(options);
            });

    /// <summary>FastForest: a random forest.</summary>
    /// <param name="labelColumnName">The label column.</param>
    /// <param name="featureColumnName">The features column.</param>
    /// <param name="exampleWeightColumnName">The weight column; null: none.</param>
    /// <param name="configure">Sets what is not tuned, last of all; a configuration does not show it. Null: nothing.</param>
    public TunablePipeline FastForest(string labelColumnName = "Label", string featureColumnName = "Features", string? exampleWeightColumnName = null,
        Action<FastForestRegressionTrainer.Options>? configure = null)
        => TrainerStep.Of("FastForest", new TrainerColumns(labelColumnName, featureColumnName, exampleWeightColumnName),
            (space, _) => FastForestSpace.Declare<FastForestRegressionTrainer.Options>(space), configure,
            (build, options) =>
            {
                options.NumberOfThreads ??= build.Threads;
                return build.Context.Regression.Trainers.FastForest(options);
            });

    /// <summary>SDCA: linear regression. Normalise the features.</summary>
    /// <param name="labelColumnName">The label column.</param>
    /// <param name="featureColumnName">The features column.</param>
    /// <param name="exampleWeightColumnName">The weight column; null: none.</param>
    /// <param name="configure">Sets what is not tuned, last of all; a configuration does not show it. Null: nothing.</param>
    public TunablePipeline Sdca(string labelColumnName = "Label", string featureColumnName = "Features", string? exampleWeightColumnName = null,
        Action<SdcaRegressionTrainer.Options>? configure = null)
        => TrainerStep.Of("Sdca", new TrainerColumns(labelColumnName, featureColumnName, exampleWeightColumnName),
            (space, _) => SdcaSpace.Declare<SdcaRegressionTrainer.Options>(space), configure,
            (build, options) =>
            {
                options.NumberOfThreads ??= build.Threads;
                return build.Context.Regression.Trainers.Sdca(options);
            });

    /// <summary>L-BFGS: Poisson regression, for labels that are counts or amounts, not below 0. Normalise the features.</summary>
    /// <param name="labelColumnName">The label column.</param>
    /// <param name="featureColumnName">The features column.</param>
    /// <param name="exampleWeightColumnName">The weight column; null: none.</param>
    /// <param name="configure">Sets what is not tuned, last of all; a configuration does not show it. Null: nothing.</param>
    public TunablePipeline LbfgsPoissonRegression(string labelColumnName = "Label", string featureColumnName = "Features", string? exampleWeightColumnName = null,
        Action<LbfgsPoissonRegressionTrainer.Options>? configure = null)
        => TrainerStep.Of("LbfgsPoissonRegression", new TrainerColumns(labelColumnName, featureColumnName, exampleWeightColumnName),
            (space, _) => LbfgsSpace.Declare<LbfgsPoissonRegressionTrainer.Options>(space), configure,
            (build, options) =>
            {
                options.NumberOfThreads ??= build.Threads;
                return build.Context.Regression.Trainers.LbfgsPoissonRegression(options);
            });

    /// <summary>One of several trainers: which one becomes the hyperparameter "Trainer", and a trainer's own exist only when it is chosen.</summary>
    /// <param name="trainers">Such as <c>t => t.LightGbm(), t => t.FastTree()</c>; the first is the default.</param>
    /// <exception cref="ArgumentException">There is none, or one is there twice.</exception>
    public TunablePipeline AnyOf(params Func<TunableRegressionTrainers, TunablePipeline>[] trainers)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return TunablePipeline.AnyOf("Trainer", [.. trainers.Select(trainer => trainer(this)).Select(branch => (branch.Name ?? "unnamed", branch))]);
    }
}
