using System.Globalization;
using AutoTune.Spaces;

namespace AutoTune.Tuners.GaussianProcess;

/// <summary>How the points of a search space look to the kernel: columns of numbers between which it measures distances.</summary>
/// <remarks>
/// <code>
/// unit      the encoded point, a coordinate for each hyperparameter in [0, 1], at the centre of its value's bin     d
/// active    which hyperparameters exist there                                                                       d
/// features  columns: numbers compared by their squared difference, or labels compared by equality                   c
/// weight    every column belongs to one of w weights (inverse squared length scales)
/// </code>
/// An ordered hyperparameter that always exists is one column, stretched so that its values span [0, 1]. One that can be absent is
/// bent onto an arc of the unit circle, nearly isometrically (end to end 0.94 instead of 1), and its absence is the centre of that
/// circle: absent and present are 1 apart whatever the value, two absences 0. That is Euclidean, so the kernel stays positive
/// semidefinite (after Swersky and others 2014, the arc kernel; a rational arc here, as sines differ between platforms). A choice without
/// order is one column of labels, absence being one more label. Each condition adds a column of its own, 1 where it holds and 0 where
/// not, with its own weight: how much it matters that a whole branch exists is learnt. A hyperparameter with one value has no column.
/// </remarks>
internal sealed class SpaceLayout
{
    private const double Absent = -1;
    private readonly SearchSpace _space;
    private readonly Dimension[] _dimensions;
    private readonly Branch[] _branches;

    /// <param name="space">The space.</param>
    /// <param name="context">What points that are yet to be looked at have in common besides, numbers in [0, 1], a column and a weight each; null: nothing.</param>
    public SpaceLayout(SearchSpace space, double[]? context = null)
    {
        _space = space;
        Context = context ?? [];
        var encoded = space.Encoding.Dimensions;
        _dimensions = new Dimension[encoded.Length];
        var branches = new List<Branch>();
        var isLabel = new List<bool>();
        var weightOf = new List<int>();
        for (var j = 0; j < encoded.Length; j++)
        {
            var branch = encoded[j].Hyperparameter.ActiveWhen is { } condition ? BranchOf(condition, encoded[condition.Parent.Index], branches) : -1;
            var hasColumns = encoded[j].Levels != 1;
            var first = encoded[j].Levels is { } levels ? encoded[j].UnitOfLevel(0) : 0;
            var last = encoded[j].Levels is { } count ? encoded[j].UnitOfLevel(count - 1) : 1;
            _dimensions[j] = new Dimension(encoded[j], branch, hasColumns ? isLabel.Count : -1, first, last - first);
            if (!hasColumns) continue;
            isLabel.Add(!encoded[j].IsOrdered);
            weightOf.Add(Weights);
            if (_dimensions[j].IsArc)
            {
                isLabel.Add(false);
                weightOf.Add(Weights);
            }

            Weights++;
        }

        _branches = [.. branches];
        FirstBranchColumn = isLabel.Count;
        for (var b = 0; b < _branches.Length; b++)
        {
            isLabel.Add(false);
            weightOf.Add(Weights++);
        }

        for (var i = 0; i < Context.Length; i++)
        {
            isLabel.Add(false);
            weightOf.Add(Weights++);
        }

        IsLabel = [.. isLabel];
        WeightOf = [.. weightOf];
        EffectiveDimensions = CountActive();
    }

    /// <summary>What points that are yet to be looked at have in common: the last columns.</summary>
    public double[] Context { get; }

    /// <summary>How many hyperparameters there are (d).</summary>
    public int Count => _dimensions.Length;

    /// <summary>How many columns there are (c).</summary>
    public int Columns => IsLabel.Length;

    /// <summary>How many weights there are (w).</summary>
    public int Weights { get; }

    /// <summary>For each column whether it holds labels.</summary>
    public bool[] IsLabel { get; }

    /// <summary>For each column the weight that it belongs to.</summary>
    public int[] WeightOf { get; }

    /// <summary>How many hyperparameters with more than one value exist in a random configuration on average; at least 1.</summary>
    public double EffectiveDimensions { get; }

    private int FirstBranchColumn { get; }

    public Dimension this[int dimension] => _dimensions[dimension];

    /// <summary>Whether a hyperparameter decides on the existence of others.</summary>
    public bool HasChildren(int dimension) => Array.Exists(_branches, branch => branch.Parent == dimension);

    /// <summary>The hyperparameter on which the existence of one depends directly; -1: it always exists.</summary>
    public int ParentOf(int dimension) => _dimensions[dimension].Branch is >= 0 and var branch ? _branches[branch].Parent : -1;

    /// <summary>How many hyperparameters with more than one value exist because of a choice, directly or through others.</summary>
    /// <param name="choice">The choice.</param>
    /// <param name="active">Which hyperparameters exist (d).</param>
    public int DependentsOf(int choice, ReadOnlySpan<bool> active)
    {
        var count = 0;
        for (var j = choice + 1; j < Count; j++)
        {
            if (!active[j] || _dimensions[j].Column < 0) continue;
            var ancestor = j;
            while (ancestor >= 0 && ancestor != choice) ancestor = ParentOf(ancestor);
            count += ancestor == choice ? 1 : 0;
        }

        return count;
    }

    /// <summary>Writes the point of a configuration.</summary>
    public void Encode(Configuration configuration, Span<double> unit, Span<bool> active) => _space.Encoding.Encode(configuration, unit, active);

    /// <summary>Moves the coordinates to the centres of their values, except in a continuum, and works out what is active.</summary>
    public void Settle(Span<double> unit, Span<bool> active)
    {
        for (var j = 0; j < unit.Length; j++)
        {
            var dimension = _dimensions[j];
            unit[j] = dimension.Encoded.Levels is null ? Math.Clamp(unit[j], 0, 1) : dimension.Encoded.Snap(Math.Clamp(unit[j], 0, 1));
            active[j] = dimension.Branch < 0 || Holds(dimension.Branch, unit, active);
        }
    }

    /// <summary>Writes the columns of a settled point, in this layout's context.</summary>
    public void Features(ReadOnlySpan<double> unit, ReadOnlySpan<bool> active, Span<double> features)
    {
        for (var j = 0; j < unit.Length; j++)
        {
            var dimension = _dimensions[j];
            var column = dimension.Column;
            if (column < 0) continue;
            if (!dimension.Encoded.IsOrdered)
            {
                features[column] = active[j] ? unit[j] : Absent;
            }
            else if (!dimension.IsArc)
            {
                features[column] = (unit[j] - dimension.First) / dimension.Span;
            }
            else
            {
                var t = 0.5 * ((unit[j] - dimension.First) / dimension.Span - 0.5);
                features[column] = active[j] ? (1 - t * t) / (1 + t * t) : 0;
                features[column + 1] = active[j] ? 2 * t / (1 + t * t) : 0;
            }
        }

        for (var b = 0; b < _branches.Length; b++) features[FirstBranchColumn + b] = Holds(b, unit, active) ? 1 : 0;
        Context.CopyTo(features[^Context.Length..]);
    }

    /// <summary>The derivative by one coordinate of an ordered, active hyperparameter, from the derivatives by its columns.</summary>
    public double Derivative(int dimension, ReadOnlySpan<double> unit, ReadOnlySpan<double> byFeature)
    {
        var d = _dimensions[dimension];
        if (!d.IsArc) return byFeature[d.Column] / d.Span;
        var t = 0.5 * ((unit[dimension] - d.First) / d.Span - 0.5);
        var square = (1 + t * t) * (1 + t * t);
        return 0.5 / d.Span * (byFeature[d.Column] * (-4 * t / square) + byFeature[d.Column + 1] * (2 * (1 - t * t) / square));
    }

    /// <summary>The derivatives of the columns by one coordinate of an ordered hyperparameter, active at the point.</summary>
    public Direction Direction(int dimension, ReadOnlySpan<double> unit)
    {
        var d = _dimensions[dimension];
        if (!d.IsArc) return new Direction(d.Column, 1 / d.Span, -1, 0);
        var t = 0.5 * ((unit[dimension] - d.First) / d.Span - 0.5);
        var square = (1 + t * t) * (1 + t * t);
        return new Direction(d.Column, 0.5 / d.Span * (-4 * t / square), d.Column + 1, 0.5 / d.Span * (2 * (1 - t * t) / square));
    }

    /// <summary>The derivatives of a trial's loss by the coordinates (d), NaN where none is known; empty if none is known at all.</summary>
    public double[] GradientOf(Trial trial)
    {
        if (trial.Outcome is not TrialOutcome.Completed { Gradient.IsEmpty: false } completed) return [];
        var gradient = new double[Count];
        return _space.Encoding.EncodeGradient(trial.Configuration, completed.Gradient, gradient) > 0 ? gradient : [];
    }

    public Configuration Decode(ReadOnlySpan<double> unit) => _space.Encoding.Decode(unit);

    private bool Holds(int branch, ReadOnlySpan<double> unit, ReadOnlySpan<bool> active)
        => active[_branches[branch].Parent] && Array.IndexOf(_branches[branch].ParentUnits, unit[_branches[branch].Parent]) >= 0;

    private static int BranchOf(Condition condition, EncodedDimension parent, List<Branch> branches)
    {
        // The units at which the parent's settled coordinate makes the condition hold.
        var units = new double[condition.Labels.Length];
        for (var i = 0; i < units.Length; i++)
        {
            units[i] = parent.UnitOfLevel(parent.Hyperparameter.Domain switch
            {
                ChoiceDomain choice => choice.Labels.IndexOf(condition.Labels[i]),
                IntegerDomain integer => (long.Parse(condition.Labels[i], CultureInfo.InvariantCulture) - integer.Low) / integer.Step,
                _ => throw new System.Diagnostics.UnreachableException(),
            });
        }

        Array.Sort(units);
        var known = branches.FindIndex(branch => branch.Parent == condition.Parent.Index && branch.ParentUnits.AsSpan().SequenceEqual(units));
        if (known >= 0) return known;
        branches.Add(new Branch(condition.Parent.Index, units));
        return branches.Count - 1;
    }

    private double CountActive()
    {
        var shares = new double[_dimensions.Length];
        var sum = 0.0;
        for (var j = 0; j < shares.Length; j++)
        {
            var branch = _dimensions[j].Branch;
            shares[j] = branch < 0 ? 1 : shares[_branches[branch].Parent] * _branches[branch].ParentUnits.Length
                / _dimensions[_branches[branch].Parent].Encoded.Levels!.Value;
            if (_dimensions[j].Column >= 0) sum += shares[j];
        }

        return Math.Max(1, sum);
    }

    /// <summary>A hyperparameter as the kernel sees it.</summary>
    /// <param name="Encoded">Its coordinate.</param>
    /// <param name="Branch">The condition under which it exists; -1: always.</param>
    /// <param name="Column">Its first column; -1: none.</param>
    /// <param name="First">The unit of its first value.</param>
    /// <param name="Span">From the unit of its first value to that of its last.</param>
    internal sealed record Dimension(EncodedDimension Encoded, int Branch, int Column, double First, double Span)
    {
        public bool IsArc => Branch >= 0 && Encoded.IsOrdered;
    }

    private sealed record Branch(int Parent, double[] ParentUnits);
}
