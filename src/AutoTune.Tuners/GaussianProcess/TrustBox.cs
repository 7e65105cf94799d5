namespace AutoTune.Tuners.GaussianProcess;

/// <summary>A box around the best trial in which some of the proposals are looked for, so that the search also goes deep where the model is too coarse.</summary>
/// <remarks>
/// <code>
/// length    the box's side in units of the range, where all length scales are equal; at first 0.8
/// side_j    half the box along hyperparameter j: length / 2 times its length scale over their geometric mean
/// </code>
/// The length follows the search's luck, as in TuRBO (Eriksson and others 2019): three trials in a row that improved on the best double
/// it, max(4, d) in a row that did not halve it, and below 1/128 it begins anew. Only numbers are bound by the box, and only
/// spaces without unordered choices are searched with one. One model of the whole space serves inside and outside; the other proposals
/// know no box, so that the search is never caught in it. Immutable.
/// </remarks>
internal sealed class TrustBox
{
    private const double FirstLength = 0.8, LongestLength = 1.6, ShortestLength = 1 / 128.0; // Eriksson and others 2019
    private const int Successes = 3, LeastFailures = 4;
    private const double Gain = 1e-3; // of what was gained since the design: less is polish, for which a smaller box is better
    private readonly SpaceLayout _layout;
    private readonly double[] _low, _high;

    /// <summary>A box.</summary>
    /// <param name="layout">The space.</param>
    /// <param name="centre">Its middle.</param>
    /// <param name="length">Its side.</param>
    /// <param name="reaches">The model's length scale along each coordinate (d).</param>
    public TrustBox(SpaceLayout layout, Observation centre, double length, ReadOnlySpan<double> reaches)
    {
        _layout = layout;
        _low = new double[layout.Count];
        _high = new double[layout.Count];
        var (logarithms, count) = (0.0, 0);
        for (var j = 0; j < layout.Count; j++)
        {
            if (!IsBound(j)) continue;
            logarithms += AutoTune.Spaces.PortableMath.Log(reaches[j]);
            count++;
        }

        var mean = AutoTune.Spaces.PortableMath.Exp(logarithms / Math.Max(1, count));
        for (var j = 0; j < layout.Count; j++)
        {
            var side = IsBound(j) ? 0.5 * length * reaches[j] / mean : 1;
            _low[j] = Math.Max(0, centre.Unit[j] - side);
            _high[j] = Math.Min(1, centre.Unit[j] + side);
        }
    }

    /// <summary>The lowest unit along a coordinate.</summary>
    public double Low(int coordinate) => _low[coordinate];

    /// <summary>The highest unit along a coordinate.</summary>
    public double High(int coordinate) => _high[coordinate];

    /// <summary>The length that these trials lead to.</summary>
    /// <param name="observations">All finished trials in their order.</param>
    /// <param name="designed">How many of them came before the model.</param>
    /// <param name="dimensions">How many hyperparameters exist on average.</param>
    public static double LengthAfter(IReadOnlyList<Observation> observations, int designed, double dimensions)
    {
        var early = new List<double>(designed);
        for (var i = 0; i < Math.Min(designed, observations.Count); i++)
        {
            if (double.IsFinite(observations[i].Loss)) early.Add(observations[i].Loss);
        }

        early.Sort();
        var typical = early.Count > 0 ? early[early.Count / 2] : 0;
        var patience = Math.Max(LeastFailures, dimensions);
        var (length, least) = (FirstLength, double.PositiveInfinity);
        var (successes, failures) = (0, 0);
        for (var i = 0; i < observations.Count; i++)
        {
            var observation = observations[i];
            var isBetter = observation is { IsFinal: true, MeetsRequirements: true } && observation.Loss < least;
            // Both differences are halved, as the whole between two losses of opposite sign can overflow.
            var isSuccess = isBetter && (double.IsInfinity(least) || least / 2 - observation.Loss / 2 > Gain * Math.Max(0, typical / 2 - least / 2));
            if (isBetter) least = observation.Loss;
            if (i < designed) continue;
            (successes, failures) = isSuccess ? (successes + 1, 0) : (0, failures + 1);
            if (successes == Successes) (length, successes) = (Math.Min(2 * length, LongestLength), 0);
            if (failures >= patience) (length, failures) = (length / 2, 0);
            if (length < ShortestLength) length = FirstLength;
        }

        return length;
    }

    /// <summary>Moves the numbers of a point to random places in the box.</summary>
    public void Scatter(Span<double> unit, RandomSource random)
    {
        for (var j = 0; j < unit.Length; j++)
        {
            if (IsBound(j)) unit[j] = _low[j] + random.NextDouble() * (_high[j] - _low[j]);
        }
    }

    /// <summary>Moves the numbers of a point into the box.</summary>
    public void Clip(Span<double> unit)
    {
        for (var j = 0; j < unit.Length; j++)
        {
            if (IsBound(j)) unit[j] = Math.Clamp(unit[j], _low[j], _high[j]);
        }
    }

    private bool IsBound(int j) => _layout[j].Column >= 0 && _layout[j].Encoded.IsOrdered;
}
