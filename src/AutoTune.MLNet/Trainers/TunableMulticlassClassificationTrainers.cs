using System.Diagnostics.CodeAnalysis;
using AutoTune.MLNet;
using Microsoft.ML;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;

namespace AutoTune;

/// <summary>Trainers for several classes with their spaces. The label column must be a key.</summary>
/// <remarks>
/// The defaults of each space are the trainer's own, so the first trial is what ML.NET does untuned. Trainers use as many threads as
/// <see cref="PipelineTuningExtensions.WithThreadsPerTrial"/> says, one by default.
/// </remarks>
[SuppressMessage("Performance", "CA1822", Justification = "Found on an instance, like ML.NET's own catalogs.")]
public sealed class TunableMulticlassClassificationTrainers
{
    internal static TunableMulticlassClassificationTrainers Instance { get; } = new();

    private TunableMulticlassClassificationTrainers() { }

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
        Action<LightGbmMulticlassTrainer.Options>? configure = null, double earlyStoppingShare = 0)
    {
        LightGbmSpace.CheckShare(earlyStoppingShare);
        return TrainerStep.Of("LightGbm", new TrainerColumns(labelColumnName, featureColumnName, exampleWeightColumnName),
            (space, data) => LightGbmSpace.Declare<LightGbmMulticlassTrainer.Options>(space, data, labelColumnName,
                (options, booster) => (options.Booster, options.Deterministic) = (booster, true), mayStopEarly: earlyStoppingShare > 0), configure,
            (build, options) =>
            {
                LightGbmLibrary.Demand();
                options.NumberOfThreads ??= build.Threads;
                var trainer = build.Context.MulticlassClassification.Trainers.LightGbm(options);
                return earlyStoppingShare > 0 && options.EarlyStoppingRound > 0 ? new EarlyStoppedTrainer(build, trainer, trainer.Fit, earlyStoppingShare) : trainer;
            });
    }

    /// <summary>FastTree for each class against the rest: ML.NET has no FastTree for several classes. Costs as many fits as there are classes.</summary>
    /// <param name="labelColumnName">The label column.</param>
    /// <param name="featureColumnName">The features column.</param>
    /// <param name="exampleWeightColumnName">The weight column; null: none.</param>
    /// <param name="configure">Sets what is not tuned, last of all; a configuration does not show it. Null: nothing.</param>
    public TunablePipeline FastTreeOneVersusAll(string labelColumnName = "Label", string featureColumnName = "Features", string? exampleWeightColumnName = null,
        Action<FastTreeBinaryTrainer.Options>? configure = null)
        => TrainerStep.Of("FastTreeOneVersusAll", new TrainerColumns(labelColumnName, featureColumnName, exampleWeightColumnName),
            (space, _) => FastTreeSpace.Declare<FastTreeBinaryTrainer.Options>(space), configure,
            (build, options) =>
            {
                options.NumberOfThreads ??= build.Threads;
                return build.Context.MulticlassClassification.Trainers.OneVersusAll(
                    build.Context.BinaryClassification.Trainers.FastTree(options), labelColumnName);
            });

    /// <summary>FastForest for each class against the rest, calibrated (Platt). Costs as many fits as there are classes.</summary>
    /// <param name="labelColumnName">The label column.</param>
    /// <param name="featureColumnName">The features column.</param>
    /// <param name="exampleWeightColumnName">The weight column; null: none.</param>
    /// <param name="configure">Sets what is not tuned, last of all; a configuration does not show it. Null: nothing.</param>
    public TunablePipeline FastForestOneVersusAll(string labelColumnName = "Label", string featureColumnName = "Features", string? exampleWeightColumnName = null,
        Action<FastForestBinaryTrainer.Options>? configure = null)
        => TrainerStep.Of("FastForestOneVersusAll", new TrainerColumns(labelColumnName, featureColumnName, exampleWeightColumnName),
            (space, _) => FastForestSpace.Declare<FastForestBinaryTrainer.Options>(space), configure,
            (build, options) =>
            {
                options.NumberOfThreads ??= build.Threads;
                return build.Context.MulticlassClassification.Trainers.OneVersusAll(
                    build.Context.BinaryClassification.Trainers.FastForest(options), labelColumnName);
            });

    /// <summary>SDCA: maximum entropy (multinomial logistic regression). Normalise the features.</summary>
    /// <param name="labelColumnName">The label column.</param>
    /// <param name="featureColumnName">The features column.</param>
    /// <param name="exampleWeightColumnName">The weight column; null: none.</param>
    /// <param name="configure">Sets what is not tuned, last of all; a configuration does not show it. Null: nothing.</param>
    public TunablePipeline SdcaMaximumEntropy(string labelColumnName = "Label", string featureColumnName = "Features", string? exampleWeightColumnName = null,
        Action<SdcaMaximumEntropyMulticlassTrainer.Options>? configure = null)
        => TrainerStep.Of("SdcaMaximumEntropy", new TrainerColumns(labelColumnName, featureColumnName, exampleWeightColumnName),
            (space, _) => SdcaSpace.Declare<SdcaMaximumEntropyMulticlassTrainer.Options>(space), configure,
            (build, options) =>
            {
                options.NumberOfThreads ??= build.Threads;
                return build.Context.MulticlassClassification.Trainers.SdcaMaximumEntropy(options);
            });

    /// <summary>L-BFGS: maximum entropy (multinomial logistic regression). Normalise the features.</summary>
    /// <param name="labelColumnName">The label column.</param>
    /// <param name="featureColumnName">The features column.</param>
    /// <param name="exampleWeightColumnName">The weight column; null: none.</param>
    /// <param name="configure">Sets what is not tuned, last of all; a configuration does not show it. Null: nothing.</param>
    public TunablePipeline LbfgsMaximumEntropy(string labelColumnName = "Label", string featureColumnName = "Features", string? exampleWeightColumnName = null,
        Action<LbfgsMaximumEntropyMulticlassTrainer.Options>? configure = null)
        => TrainerStep.Of("LbfgsMaximumEntropy", new TrainerColumns(labelColumnName, featureColumnName, exampleWeightColumnName),
            (space, _) => LbfgsSpace.Declare<LbfgsMaximumEntropyMulticlassTrainer.Options>(space), configure,
            (build, options) =>
            {
                options.NumberOfThreads ??= build.Threads;
                return build.Context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(options);
            });

    /// <summary>One of several trainers: which one becomes the hyperparameter "Trainer", and a trainer's own exist only when it is chosen.</summary>
    /// <param name="trainers">Such as <c>t => t.LightGbm(), t => t.FastTree()</c>; the first is the default.</param>
    /// <exception cref="ArgumentException">There is none, or one is there twice.</exception>
    public TunablePipeline AnyOf(params Func<TunableMulticlassClassificationTrainers, TunablePipeline>[] trainers)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return TunablePipeline.AnyOf("Trainer", [.. trainers.Select(trainer => trainer(this)).Select(branch => (branch.Name ?? "unnamed", branch))]);
    }
}
