using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.LearningCurves;

/// <summary>What curves of this study look like before their own reports are seen: learnt from all curves together.</summary>
/// <remarks>
/// <code>
/// w[i]      weights of trial i (d); w[i] ~ N(m, V)
/// s2        variance of the errors, rho their correlation from step to step
/// P[i]      a[i] / s2 + 1/V, the precision of w[i] given its reports; mean P^-1 (b[i] / s2 + 1/V m)
/// </code>
/// m, V and s2 maximise the marginal likelihood of all curves (expectation and maximisation, Dempster and others 1977): what a basis is worth in this
/// study is the variance of its weight in V. Trials that were stopped take part with the reports they gave; what they were stopped by is among those,
/// so that this does not mislead (Rubin 1976). V has a weak inverse-Wishart prior: as much as 3 trials. Buffers are kept; not thread-safe.
/// </remarks>
internal sealed class CurvePrior
{
    private const int D = CurveBasis.Size;
    private const int Rounds = 30; // chosen: the likelihood's gains are small by then
    private const double PriorTrials = 3;
    private const double LeastVariance = 1e-8; // of errors, where the deviation of last losses is about 1

    private readonly double[] _factor = new double[D * D], _mean = new double[D], _column = new double[D];
    private readonly double[] _sumMean = new double[D], _sumSquare = new double[D * D];
    private readonly double[] _m = new double[D], _v = new double[D * D], _precision = new double[D * D], _shift = new double[D];

    public CurvePrior() => Reset();

    /// <summary>s2.</summary>
    public double Variance { get; private set; }

    /// <summary>rho.</summary>
    public double Rho { get; set; }

    /// <summary>The weights of the last <see cref="TryCondition"/>.</summary>
    public ReadOnlySpan<double> Weights => _mean;

    /// <summary>Forgets what was learnt.</summary>
    public void Reset()
    {
        Array.Clear(_m);
        Array.Clear(_v);
        for (var i = 0; i < D; i++) _v[i * D + i] = PriorVariance(i);
        (Variance, Rho) = (0.01, 0);
        Invert();
    }

    /// <summary>Learns from curves.</summary>
    public void Learn(ReadOnlySpan<CurveEvidence> curves)
    {
        for (var round = 0; round < Rounds; round++)
        {
            Array.Clear(_sumMean);
            Array.Clear(_sumSquare);
            double errors = 0;
            int reports = 0, used = 0;
            foreach (var curve in curves)
            {
                if (!TryCondition(curve)) continue;
                used++;
                reports += curve.Count;
                errors += curve.C;
                // Columns of P^-1, by the factor: its own spread joins the squares.
                for (var j = 0; j < D; j++)
                {
                    Array.Clear(_column);
                    _column[j] = 1;
                    Cholesky.Forward(_factor, D, D, _column, j);
                    Cholesky.Backward(_factor, D, D, _column);
                    for (var i = 0; i < D; i++)
                    {
                        var square = _column[i] + _mean[i] * _mean[j];
                        _sumSquare[i * D + j] += square;
                        errors += (i >= j ? curve.A[i * D + j] : curve.A[j * D + i]) * square;
                    }

                    errors -= 2 * _mean[j] * curve.B[j];
                    _sumMean[j] += _mean[j];
                }
            }

            if (used == 0) return;
            for (var i = 0; i < D; i++) _m[i] = _sumMean[i] / used;
            for (var i = 0; i < D; i++)
            {
                for (var j = 0; j < D; j++)
                    _v[i * D + j] = (_sumSquare[i * D + j] - used * _m[i] * _m[j] + (i == j ? PriorTrials * PriorVariance(i) : 0)) / (used + PriorTrials);
            }

            Variance = Math.Max(LeastVariance, errors / reports);
            if (!double.IsFinite(Variance) || !Invert())
            {
                Reset();
                return;
            }
        }
    }

    /// <summary>Finds the weights' law given a trial's reports.</summary>
    /// <returns>False if the arithmetic fails.</returns>
    public bool TryCondition(CurveEvidence curve)
    {
        var inverse = 1 / Variance;
        for (var i = 0; i < D * D; i++) _factor[i] = curve.A[i] * inverse + _precision[i];
        for (var i = 0; i < D; i++) _mean[i] = curve.B[i] * inverse + _shift[i];
        if (!Cholesky.TryFactor(_factor, D, D)) return false;
        Cholesky.Forward(_factor, D, D, _mean);
        Cholesky.Backward(_factor, D, D, _mean);
        return true;
    }

    /// <summary>The loss expected at the last step T, and its variance: the last error's lasting part goes on.</summary>
    public (double Mean, double Variance) Last(CurveEvidence curve, int last)
    {
        // At T the basis is 1 and zeros: y[T] = w[0] + rho^gap (y[t] - w' f(t)) + e.
        var kept = curve.Count == 0 ? 0 : CurveEvidence.Lasting(Rho, last - curve.Step);
        var mean = kept * curve.Loss;
        for (var i = 0; i < D; i++)
        {
            _column[i] = (i == 0 ? 1 : 0) - kept * curve.Basis[i];
            mean += _column[i] * _mean[i];
        }

        Cholesky.Forward(_factor, D, D, _column);
        return (mean, VectorMath.Dot(_column, _column) + Variance * (1 - kept * kept));
    }

    // Chosen: last losses are about 1 from their median on the model's scale, and the shape of curves is of that order too.
    private static double PriorVariance(int basis) => basis == 0 ? 1 : 0.25;

    private bool Invert()
    {
        Span<double> factor = stackalloc double[D * D];
        var most = 0.0;
        for (var i = 0; i < D; i++) most = Math.Max(most, _v[i * D + i]);
        _v.CopyTo(factor);
        for (var i = 0; i < D; i++) factor[i * D + i] += 1e-10 * most;
        if (!Cholesky.TryFactor(factor, D, D)) return false;
        for (var j = 0; j < D; j++)
        {
            Array.Clear(_column);
            _column[j] = 1;
            Cholesky.Forward(factor, D, D, _column, j);
            Cholesky.Backward(factor, D, D, _column);
            for (var i = 0; i < D; i++) _precision[i * D + j] = _column[i];
        }

        for (var i = 0; i < D; i++) _shift[i] = VectorMath.Dot(_precision.AsSpan(i * D, D), _m);
        return true;
    }
}
