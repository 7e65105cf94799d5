using System.Collections.Immutable;
using Microsoft.ML;

namespace AutoTune.MLNet;

/// <summary>What to fit on and what to evaluate on.</summary>
/// <param name="Train">The rows to fit on.</param>
/// <param name="Validation">The rows to evaluate on.</param>
internal sealed record TrainingSplit(IDataView Train, IDataView Validation)
{
    /// <summary>All rows that <see cref="FirstSteps"/> is of.</summary>
    private IDataView? Cache { get; init; }

    /// <summary>For each row of the training data the step from which on samples have it; empty: no samples were drawn.</summary>
    public ImmutableArray<int> FirstSteps { get; private init; } = [];

    /// <summary>Which rows of the training data are validation rows; empty: none.</summary>
    public ImmutableArray<bool> IsValidation { get; private init; } = [];

    /// <summary>A split a fold: fit on the others, evaluate on it.</summary>
    public static ImmutableArray<TrainingSplit> OfFolds(CachedData data, ImmutableArray<int> foldOf, int folds)
        => [.. Enumerable.Range(0, folds).Select(fold => Of(data, [.. foldOf.Select(own => own == fold)]))];

    /// <summary>One split: evaluate on the marked rows, fit on the others.</summary>
    public static TrainingSplit Of(CachedData data, ImmutableArray<bool> isValidation)
        => new(new RowSubset(data.View, [.. isValidation.Select(own => !own)]), new RowSubset(data.View, isValidation)) { IsValidation = isValidation };

    /// <summary>This split, with samples to fit on: each holds the ones before it.</summary>
    /// <param name="data">The training data.</param>
    /// <param name="firstSteps">For each row the step from which on samples have it; of no matter for validation rows.</param>
    public TrainingSplit WithSamples(CachedData data, ImmutableArray<int> firstSteps) => this with { Cache = data.View, FirstSteps = firstSteps };

    /// <summary>The rows to fit on at a step.</summary>
    public IDataView Sample(int step) => new RowSubset(
        Cache ?? throw new InvalidOperationException("No samples were drawn."),
        [.. FirstSteps.Select((first, row) => first <= step && (IsValidation.IsEmpty || !IsValidation[row]))]);
}
