using AutoTune.Spaces;

namespace AutoTune.Tuners.Tpe;

/// <summary>Hyperparameters that exist under the same condition, and the trials where they do: one joint model.</summary>
/// <remarks>
/// <code>
/// l, g      density of the good trials and of the others, pending ones included (constant liar)
/// widths    l: 1.06 s n^(-1/(d + 4)) with s the spread of the good trials and the prior (Silverman 1986, eq. 3.28); g: with an even
///           spread; at least 1 / min(100, trials + 1) for l (the magic clip), 0.03 for g
/// </code>
/// The best are kept in order as they are told, so that a question splits nothing. Not thread-safe.
/// </remarks>
internal sealed class TpeGroup
{
    private const double SilvermanFactor = 1.06;
    private const double EvenVariance = 1.0 / 12;
    private const double LeastOtherWidth = 0.03; // Watanabe 2023, section 3.3.4
    private readonly TpeDimension[] _dimensions;
    private readonly TpeOptions _options;
    private readonly KernelMixture _good, _others;
    private readonly List<double[]> _units = [];
    private readonly List<(TrialRank Rank, int Index)> _best = [];
    private readonly int[] _steps;
    private int[] _hidden = [];

    public TpeGroup(TpeDimension[] dimensions, TpeOptions options)
    {
        _dimensions = dimensions;
        _options = options;
        _good = new KernelMixture(dimensions);
        _others = new KernelMixture(dimensions);
        _steps = new int[dimensions.Length];
    }

    /// <summary>Whether it exists where these coordinates do.</summary>
    public bool IsActive(ReadOnlySpan<bool> active) => active[_dimensions[0].Index];

    public void Tell(TrialRank rank, double[] unit)
    {
        if (rank.HasLoss)
        {
            // After its equals: of two equal trials the earlier one stays.
            var at = _best.Count;
            while (at > 0 && rank.CompareTo(_best[at - 1].Rank) < 0) at--;
            if (at < _options.MaxGood) _best.Insert(at, (rank, _units.Count));
            if (_best.Count > _options.MaxGood) _best.RemoveAt(_options.MaxGood);
        }

        _units.Add(unit);
        SetOtherWidths();
        _others.Add(unit);
    }

    /// <summary>Makes ready for questions while these trials are pending; <see cref="Close"/> ends that.</summary>
    public void Open(IEnumerable<double[]> pending)
    {
        var good = Math.Min(_best.Count, (int)Math.Ceiling(_options.GoodShare * _units.Count));
        _hidden = new int[good];
        for (var i = 0; i < good; i++) _hidden[i] = _best[i].Index;
        for (var j = 0; j < _dimensions.Length; j++) _steps[j] = TpeDimension.StepOf(GoodWidth(_dimensions[j].Index));
        _good.Clear();
        _good.SetWidths(_steps);
        foreach (var index in _hidden) _good.Add(_units[index]);
        foreach (var unit in pending) _others.Add(unit);
    }

    /// <summary>Forgets the pending trials.</summary>
    public void Close() => _others.Truncate(_units.Count);

    /// <summary>How much more frequent a point is among the good trials: log l - log g.</summary>
    public double Score(ReadOnlySpan<double> unit) => _good.LogDensity(unit, []) - _others.LogDensity(unit, _hidden);

    /// <summary>Draws the group's coordinates from l.</summary>
    public void Draw(Span<double> unit, RandomSource random)
    {
        var kernel = random.NextInt(_good.Count + 1); // the last one is the prior
        for (var j = 0; j < _dimensions.Length; j++)
        {
            var dimension = _dimensions[j];
            double x;
            if (kernel == _good.Count || (dimension.IsChoice && random.NextDouble() < dimension.Spread(_good.Count))) x = random.NextDouble();
            else if (dimension.IsChoice) x = dimension.UnitOf(_good.Level(j, kernel));
            else x = Normal(dimension.Levels > 0 ? dimension.UnitOf(_good.Level(j, kernel)) : _good.Centre(j, kernel), _good.Width(j), random);
            unit[dimension.Index] = dimension.Levels > 0 ? dimension.UnitOf(dimension.LevelOf(x)) : dimension.Snap(x);
        }
    }

    /// <summary>Writes the best of several draws.</summary>
    public void Choose(Span<double> unit, RandomSource random)
    {
        Span<double> best = new double[unit.Length];
        var bestScore = double.NegativeInfinity;
        for (var draw = 0; draw < _options.Candidates; draw++)
        {
            Draw(unit, random);
            var score = Score(unit);
            if (draw > 0 && !(score > bestScore)) continue;
            bestScore = score;
            unit.CopyTo(best);
        }

        best.CopyTo(unit);
    }

    // By rejection: at least a third of a kernel lies within the cube, as its centre does and it is no wider than 1.
    private static double Normal(double centre, double width, RandomSource random)
    {
        while (true)
        {
            var x = centre + width * random.NextGaussian();
            if (x is >= 0 and <= 1) return x;
        }
    }

    private double Shrinkage(int kernels) => PortableMath.Exp(-PortableMath.Log(kernels) / (_dimensions.Length + 4));

    private double GoodWidth(int index)
    {
        double n = _hidden.Length, mean = 0.5, squares = EvenVariance;
        foreach (var kernel in _hidden) mean += _units[kernel][index];
        mean /= n + 1;
        squares += (0.5 - mean) * (0.5 - mean);
        foreach (var kernel in _hidden) squares += (_units[kernel][index] - mean) * (_units[kernel][index] - mean);
        var width = SilvermanFactor * Math.Sqrt(squares / (n + 1)) * Shrinkage(_hidden.Length + 1);
        return Math.Clamp(width, 1.0 / Math.Min(100, _units.Count + 1), 1);
    }

    private void SetOtherWidths()
    {
        var width = SilvermanFactor * Math.Sqrt(EvenVariance) * Shrinkage(_units.Count);
        Array.Fill(_steps, TpeDimension.StepOf(Math.Max(width, LeastOtherWidth)));
        _others.SetWidths(_steps);
    }
}
