using System.Collections.Immutable;

namespace AutoTune.MLNet;

/// <summary>Checks how configurations are to be evaluated, and draws the splits: once, from the study's seed, the same for every trial.</summary>
internal sealed class SplitPlan
{
    /// <summary>Chosen, because with fewer a fit tells nothing of the configuration.</summary>
    private const int FewestSampleRows = 10;

    private readonly CachedData _data;
    private readonly EvaluationSettings _settings;
    private readonly List<string> _problems;
    private readonly ImmutableArray<double>? _labels;
    private readonly bool _isLabelMade;

    /// <param name="data">The training data.</param>
    /// <param name="labels">Reads the label.</param>
    /// <param name="settings">How to evaluate.</param>
    /// <param name="problems">Where problems go.</param>
    public SplitPlan(CachedData data, LabelReader labels, EvaluationSettings settings, List<string> problems)
    {
        _data = data;
        _settings = settings;
        _problems = problems;
        if (settings.Label is not { } label) return;
        _labels = labels.Read(label.Column);
        _isLabelMade = !labels.IsInData(label.Column);
    }

    /// <summary>The splits; of use only if no problem was added.</summary>
    public ImmutableArray<TrainingSplit> Draw(RandomSource random)
    {
        if (_data.Rows == 0)
        {
            _problems.Add("the training data has no rows; check the path, the separator and the filters of its loader.");
            return [];
        }

        CheckLabels();
        var splits = _settings.Resampling switch
        {
            Resampling.CrossValidation way => Folds(way.Folds, way.Stratify, way.GroupColumn, random),
            Resampling.HoldOut way => HoldOut(way, random),
            Resampling.ValidationData way => Validation(way),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return _settings.Growth is Growth.Samples { Steps: > 1 } samples && !splits.IsEmpty ? WithSamples(splits, samples.Steps, random.Fork("samples")) : splits;
    }

    private ImmutableArray<TrainingSplit> WithSamples(ImmutableArray<TrainingSplit> splits, int steps, RandomSource random)
    {
        var fewest = splits.Min(TrainingRows);
        if (fewest / steps < FewestSampleRows)
        {
            _problems.Add(fewest < 2 * FewestSampleRows
                ? $"the samples are to grow, but a fit has {fewest} rows in all; leave GrowSamples out."
                : $"the samples are to grow in {steps} steps, of which the first would have {fewest / steps} of {fewest} rows, and {FewestSampleRows} are the least; say GrowSamples({fewest / FewestSampleRows}) or fewer.");
            return [];
        }

        var groups = _settings.Resampling.Groups is { } column ? GroupsOf(column) : null;
        var labels = groups is null && (_settings.Resampling.Spread ?? _settings.Label is { IsClass: true }) ? _labels : null;
        var isContinuous = _settings.Label is not { IsClass: true };
        return [.. splits.Select((split, i) => split.WithSamples(_data, Samples.Deal(
            split.IsValidation.IsEmpty ? [.. Enumerable.Repeat(true, _data.Rows)] : [.. split.IsValidation.Select(own => !own)],
            steps, labels, isContinuous, groups, random.Fork("split", i))))];

        int TrainingRows(TrainingSplit split) => _data.Rows - split.IsValidation.Count(own => own);
    }

    private ImmutableArray<TrainingSplit> Folds(int folds, bool? stratify, string? groupColumn, RandomSource random)
    {
        if (folds < 2) return []; // reported where it was said
        if (folds > _data.Rows)
        {
            _problems.Add($"folds {folds} must not be above the {_data.Rows} rows of the training data; say CrossValidate({Math.Clamp(_data.Rows, 2, 5)}).");
            return [];
        }

        var foldOf = Deal(folds, stratify, groupColumn, random);
        return foldOf.IsEmpty ? [] : TrainingSplit.OfFolds(_data, foldOf, folds);
    }

    private ImmutableArray<TrainingSplit> HoldOut(Resampling.HoldOut way, RandomSource random)
    {
        if (way.Fraction is not (> 0 and < 1)) return []; // reported where it was said
        if (_data.Rows < 2)
        {
            _problems.Add("the training data has one row; to hold out a part needs 2 or more.");
            return [];
        }

        // Many small folds, of which the fraction is taken: so that stratifying and grouping are the same as for cross-validation.
        var groups = way.GroupColumn is null ? int.MaxValue : GroupsOf(way.GroupColumn) is { } found ? MLNet.Folds.GroupCount(found) : 0;
        if (groups == 0) return [];
        var pieces = Math.Min(Math.Min(_data.Rows, groups), 100);
        var foldOf = Deal(pieces, way.Stratify, way.GroupColumn, random);
        if (foldOf.IsEmpty) return [];
        // Held-out pieces are spread evenly, since rows of one class are dealt to neighbouring pieces.
        var held = Math.Clamp((int)Math.Round(pieces * way.Fraction), 1, pieces - 1);
        return [TrainingSplit.Of(_data, [.. foldOf.Select(piece => (piece + 1) * held / pieces > piece * held / pieces)])];
    }

    private ImmutableArray<TrainingSplit> Validation(Resampling.ValidationData way)
    {
        var validation = CachedData.Read(way.Data, "validation");
        if (validation.Rows == 0) _problems.Add("the validation data has no rows; check the path, the separator and the filters of its loader.");
        return [new TrainingSplit(_data.View, validation.View)];
    }

    private ImmutableArray<int> Deal(int folds, bool? stratify, string? groupColumn, RandomSource random)
    {
        if (groupColumn is not null)
        {
            if (stratify == true) _problems.Add($"folds are to be stratified and grouped by '{groupColumn}'; choose one of the two.");
            if (GroupsOf(groupColumn) is not { } groups) return [];
            var count = MLNet.Folds.GroupCount(groups);
            if (count >= folds && count > 1) return MLNet.Folds.Grouped(groups, folds, random);
            _problems.Add($"group column '{groupColumn}' has {count} different values, too few for {folds} folds; ask for fewer folds, or group by a finer column.");
            return [];
        }

        if (stratify ?? (_settings.Label is { IsClass: true } && _labels is not null))
        {
            if (_labels is { } labels) return MLNet.Folds.Stratified(labels, _settings.Label!.Kind is not (LabelKind.Boolean or LabelKind.Key), folds, random);
            _problems.Add(_settings.Label is { } label
                ? $"folds are to be stratified by the label '{label.Column}', which is neither in the data nor made before the first part that can be tuned; leave stratify out, or make the label first."
                : "folds are to be stratified, but the task has no label; leave stratify out.");
            return [];
        }

        return MLNet.Folds.Random(_data.Rows, folds, random);
    }

    private ImmutableArray<double>? GroupsOf(string column)
    {
        var schema = _data.View.Schema;
        if (schema.GetColumnOrNull(column) is not { } found)
        {
            AddOnce($"group column '{column}' is not in the training data; {Nearest.Suggest(column, [.. schema.Select(c => c.Name)])}");
            return null;
        }

        if (ColumnValues.Read(_data.View, column) is { } groups) return groups;
        AddOnce($"group column '{column}' is {found.Type}; group by a column of text, whole numbers or keys.");
        return null;
    }

    private void CheckLabels()
    {
        if (_labels is not { } labels || _settings.Label is not { } label) return;
        if (labels.All(double.IsNaN))
        {
            var check = _isLabelMade ? "how the pipeline makes it, and how what it is made of is loaded." : "how it is loaded: the column's index, its type, the decimal point.";
            _problems.Add($"label column '{label.Column}' is missing (NaN or empty) in all {labels.Length} rows; check {check}");
        }
        else if (label.IsClass && labels.Where(code => !double.IsNaN(code)).Distinct().Count() == 1)
        {
            _problems.Add($"label column '{label.Column}' has the same value in all rows; there is nothing to tell apart: check how it is {(_isLabelMade ? "made" : "loaded")}.");
        }
    }

    private void AddOnce(string problem)
    {
        if (!_problems.Contains(problem)) _problems.Add(problem);
    }
}
