using System.Collections.Immutable;
using Microsoft.ML;

namespace AutoTune.MLNet;

/// <summary>What to fit on and what to evaluate on.</summary>
internal sealed record TrainingSplit(IDataView Train, IDataView Validation)
{
    /// <summary>A split a fold: fit on the others, evaluate on it.</summary>
    public static ImmutableArray<TrainingSplit> OfFolds(CachedData data, ImmutableArray<int> foldOf, int folds)
        => [.. Enumerable.Range(0, folds).Select(fold => Of(data, [.. foldOf.Select(own => own == fold)]))];

    /// <summary>One split: evaluate on the marked rows, fit on the others.</summary>
    public static TrainingSplit Of(CachedData data, ImmutableArray<bool> isValidation)
        => new(new RowSubset(data.View, [.. isValidation.Select(own => !own)]), new RowSubset(data.View, isValidation));
}
