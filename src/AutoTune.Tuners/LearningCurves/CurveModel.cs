using AutoTune.Spaces;

namespace AutoTune.Tuners.LearningCurves;

/// <summary>Forecasts the loss at a trial's last step from its reports so far, by what all trials told before.</summary>
/// <remarks>
/// <code>
/// T         the last step
/// k[t]      by how much intervals from step t are widened: the root of the mean square of (loss at T - forecast) / deviation over completed trials,
///           each forecast from its reports up to t alone; interpolated between a few t
/// </code>
/// Told of a finished trial it refits, every time at first, then each time there are a tenth more: some milliseconds. A forecast takes a microsecond.
/// Deterministic; not thread-safe.
/// </remarks>
internal sealed class CurveModel
{
    private const int MostCurves = 200; // chosen: the latest; more would change the prior little and cost time
    private const int MostReports = 128; // of a curve that is kept: spread evenly on a log scale beyond that
    private const double WideningTrials = 6, Widening = 2; // chosen: until trials have shown it, squares are taken to be twice what the model says

    // Errors of forecasts have heavy tails: most curves are tame, some are not. Chosen on curves of the surrogates and synthetic ones together: Student's t
    // with four degrees of freedom, its middle narrowed by as much as its tails are wider; fewer where few trials have completed, for the prior is uncertain.
    private const double Freedom = 4, Narrowing = 0.85;

    private static readonly double[] Shares = [0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85];

    private readonly List<Curve> _curves = [];
    private readonly CurvePrior _prior = new();
    private readonly CurveEvidence _evidence = new();
    private readonly bool _isLastGiven;
    private CurveBasis _basis;
    private CurveScale _scale;
    private double[] _nodes = [], _widening = [];
    private int _told, _next;

    /// <param name="lastStep">T; null: the largest step of a completed trial.</param>
    public CurveModel(int? lastStep) => (_isLastGiven, LastStep) = (lastStep is not null, lastStep ?? 0);

    /// <summary>T; 0 while it is not known.</summary>
    public int LastStep { get; private set; }

    /// <summary>How many trials that reached T were told.</summary>
    public int Completed { get; private set; }

    /// <summary>Grows with each refit: evidence gathered before one is out of date.</summary>
    public int Version { get; private set; }

    /// <summary>Whether it can forecast.</summary>
    public bool IsReady => Version > 0;

    /// <summary>Takes the reports of a trial that ended.</summary>
    /// <param name="steps">Its steps, growing.</param>
    /// <param name="losses">The loss at each; finite.</param>
    /// <param name="isWhole">Whether it ran to its end.</param>
    public void Tell(ReadOnlySpan<int> steps, ReadOnlySpan<double> losses, bool isWhole)
    {
        if (steps.IsEmpty) return;
        if (isWhole && !_isLastGiven && steps[^1] > LastStep)
        {
            LastStep = steps[^1];
            Completed = _curves.Count(curve => curve.Steps[^1] >= LastStep);
            _next = 0;
        }

        if (_curves.Count == MostCurves) _curves[_told % MostCurves] = Curve.Of(steps, losses);
        else _curves.Add(Curve.Of(steps, losses));
        _told++;
        if (steps[^1] >= LastStep) Completed++;
        if (LastStep < 2 || Completed == 0 || _told < _next) return;
        Fit();
        _next = Math.Max(_told + 1, (int)(1.1 * _told));
    }

    /// <summary>Fills evidence with a trial's reports, for <see cref="Forecast(CurveEvidence)"/>.</summary>
    public void Gather(ReadOnlySpan<int> steps, ReadOnlySpan<double> losses, CurveEvidence evidence)
    {
        evidence.Clear();
        for (var i = 0; i < steps.Length; i++) Add(steps[i], losses[i], evidence);
    }

    /// <summary>Adds a report to evidence that is of this version.</summary>
    public void Add(int step, double loss, CurveEvidence evidence)
    {
        if (step <= LastStep) evidence.Add(_basis, _prior.Rho, step, _scale.Bend(loss));
    }

    /// <summary>The forecast for a trial with these reports; null if there is none yet. No reports: what is expected of any trial.</summary>
    public CurveForecast? Forecast(ReadOnlySpan<int> steps, ReadOnlySpan<double> losses)
    {
        if (!IsReady) return null;
        Gather(steps, losses, _evidence);
        return Forecast(_evidence);
    }

    /// <summary>The forecast for a trial with this evidence; null if there is none.</summary>
    public CurveForecast? Forecast(CurveEvidence evidence)
    {
        if (!IsReady || !_prior.TryCondition(evidence)) return null;
        var (level, variance) = _prior.Last(evidence, LastStep);
        var spread = Math.Sqrt(variance) * WideningAt(evidence.Step) * Narrowing;
        if (!(spread > 0) || !double.IsFinite(spread) || !double.IsFinite(level)) return null;
        double mean = _scale.Unbend(level), low = _scale.Unbend(level - spread), high = _scale.Unbend(level + spread);
        return new CurveForecast(mean, 0.5 * high - 0.5 * low, level, spread, Math.Clamp(0.5 * (Completed - 1), 2, Freedom), _scale);
    }

    private void Fit()
    {
        _basis = new CurveBasis(LastStep);
        var last = new List<double>();
        var all = new List<double>();
        foreach (var curve in _curves)
        {
            if (curve.Steps[^1] >= LastStep) last.Add(curve.LossAt(LastStep));
            all.AddRange(curve.Losses);
        }

        if (last.Count == 0) return;
        _scale = CurveScale.Of([.. last], [.. all]);
        var evidence = new CurveEvidence[_curves.Count];
        for (var i = 0; i < evidence.Length; i++) evidence[i] = new CurveEvidence();
        _prior.Reset();
        Version++;
        // First as if errors did not last, which shows how much they do; then again.
        for (var pass = 0; pass < 2; pass++)
        {
            for (var i = 0; i < evidence.Length; i++) Gather(_curves[i].Steps, _curves[i].Losses, evidence[i]);
            if (pass == 1) _prior.Learn(evidence);
            if (pass == 0)
            {
                _prior.Learn(evidence);
                _prior.Rho = Correlation(evidence);
            }
        }

        Widen();
    }

    /// <summary>How much errors last from step to step, over all curves.</summary>
    private double Correlation(CurveEvidence[] evidence)
    {
        Span<double> basis = stackalloc double[CurveBasis.Size];
        double products = 0, squares = 1e-12;
        for (var c = 0; c < evidence.Length; c++)
        {
            if (!_prior.TryCondition(evidence[c])) continue;
            var (curve, before) = (_curves[c], double.NaN);
            for (var i = 0; i < curve.Steps.Length && curve.Steps[i] <= LastStep; i++)
            {
                _basis.At(curve.Steps[i], basis);
                var error = _scale.Bend(curve.Losses[i]) - Numerics.VectorMath.Dot(basis, _prior.Weights);
                if (i > 0 && curve.Steps[i] == curve.Steps[i - 1] + 1)
                {
                    products += error * before;
                    squares += 0.5 * (error * error + before * before);
                }

                before = error;
            }
        }

        return Math.Clamp(products / squares, 0, 0.9);
    }

    private void Widen()
    {
        var nodes = new List<double>();
        var widening = new List<double>();
        foreach (var share in Shares)
        {
            var until = Math.Max(1, (int)(share * LastStep));
            if (until >= LastStep || (nodes.Count > 0 && until <= nodes[^1])) continue;
            double squares = WideningTrials * Widening, count = WideningTrials;
            foreach (var curve in _curves)
            {
                if (curve.Steps[^1] < LastStep) continue;
                var reports = 0;
                while (curve.Steps[reports] <= until) reports++;
                if (reports == 0) continue;
                Gather(curve.Steps.AsSpan(0, reports), curve.Losses, _evidence);
                if (!_prior.TryCondition(_evidence)) continue;
                var (level, variance) = _prior.Last(_evidence, LastStep);
                var apart = _scale.Bend(curve.LossAt(LastStep)) - level;
                squares += Math.Min(16, apart * apart / variance); // one that is far out is news, but not about the others
                count++;
            }

            nodes.Add(until);
            widening.Add(Math.Sqrt(squares / count));
        }

        (_nodes, _widening) = ([.. nodes], [.. widening]);
    }

    private double WideningAt(int step)
    {
        if (_nodes.Length == 0) return Math.Sqrt(Widening);
        var after = 0;
        while (after < _nodes.Length && _nodes[after] < step) after++;
        if (after == 0) return _widening[0];
        if (after == _nodes.Length) return _widening[^1];
        var share = PortableMath.Log(step / _nodes[after - 1]) / PortableMath.Log(_nodes[after] / _nodes[after - 1]);
        return _widening[after - 1] + share * (_widening[after] - _widening[after - 1]);
    }

    private sealed record Curve(int[] Steps, double[] Losses)
    {
        public static Curve Of(ReadOnlySpan<int> steps, ReadOnlySpan<double> losses)
        {
            if (steps.Length <= MostReports) return new Curve(steps.ToArray(), losses.ToArray());
            var kept = new List<int>();
            var ratio = PortableMath.Exp(PortableMath.Log(steps[^1]) / MostReports);
            var next = 0.0;
            for (var i = 0; i < steps.Length; i++)
            {
                if (steps[i] < next && i < steps.Length - 1) continue;
                kept.Add(i);
                next = Math.Max(next, steps[i]) * ratio;
            }

            var (at, of) = (new int[kept.Count], new double[kept.Count]);
            for (var i = 0; i < at.Length; i++) (at[i], of[i]) = (steps[kept[i]], losses[kept[i]]);
            return new Curve(at, of);
        }

        /// <summary>The loss at a step, or at the last one before it.</summary>
        public double LossAt(int step)
        {
            var i = Array.BinarySearch(Steps, step);
            return Losses[Math.Max(0, i >= 0 ? i : ~i - 1)];
        }
    }
}
