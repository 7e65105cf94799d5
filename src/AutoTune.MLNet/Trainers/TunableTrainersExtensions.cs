using Microsoft.ML;

namespace AutoTune;

/// <summary>Ready-made spaces for ML.NET's trainers and transforms, where those are found.</summary>
public static class TunableTrainersExtensions
{
    /// <summary>Regression trainers with their spaces.</summary>
    public static TunableRegressionTrainers Tunable(this RegressionCatalog.RegressionTrainers trainers) => TunableRegressionTrainers.Instance;

    /// <summary>Trainers for two classes with their spaces.</summary>
    public static TunableBinaryClassificationTrainers Tunable(this BinaryClassificationCatalog.BinaryClassificationTrainers trainers)
        => TunableBinaryClassificationTrainers.Instance;

    /// <summary>Trainers for several classes with their spaces.</summary>
    public static TunableMulticlassClassificationTrainers Tunable(this MulticlassClassificationCatalog.MulticlassClassificationTrainers trainers)
        => TunableMulticlassClassificationTrainers.Instance;

    /// <summary>Transforms with their spaces.</summary>
    public static TunableTransforms Tunable(this TransformsCatalog transforms) => TunableTransforms.Instance;
}
