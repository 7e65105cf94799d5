namespace AutoTune.Tuners.LearningCurves;

/// <summary>What the reports of one trial say of its curve: sums that a report is added to.</summary>
/// <remarks>
/// <code>
/// y[t]      loss on the model's scale; y = w' f(t) + e[t], f the basis (d)
/// e[t]      errors that last: correlated by rho^gap between reports that are gap steps apart, variance s^2
/// a, b, c   sums over reports of f* f*' / v, f* y* / v, y*^2 / v, where f* = f(t) - rho^gap f(before), y* likewise, v = 1 - rho^(2 gap):
///           errors freed of what lasts of the one before, so that they are independent, with variance s^2
/// </code>
/// </remarks>
internal sealed class CurveEvidence
{
    private const int D = CurveBasis.Size;

    private readonly double[] _before = new double[D];
    private double _lossBefore;

    /// <summary>The sum a, d x d, row by row; the lower triangle.</summary>
    public double[] A { get; } = new double[D * D];

    /// <summary>The sum b.</summary>
    public double[] B { get; } = new double[D];

    /// <summary>The sum c.</summary>
    public double C { get; private set; }

    /// <summary>How many reports.</summary>
    public int Count { get; private set; }

    /// <summary>The last step; 0 before the first report.</summary>
    public int Step { get; private set; }

    /// <summary>The basis at the last step.</summary>
    public ReadOnlySpan<double> Basis => _before;

    /// <summary>The last loss on the model's scale.</summary>
    public double Loss => _lossBefore;

    /// <summary>Forgets all reports.</summary>
    public void Clear()
    {
        Array.Clear(A);
        Array.Clear(B);
        Array.Clear(_before);
        (C, Count, Step, _lossBefore) = (0, 0, 0, 0);
    }

    /// <summary>Adds a report.</summary>
    /// <param name="basis">The basis.</param>
    /// <param name="rho">The correlation of errors one step apart.</param>
    /// <param name="step">Its step, larger than the last.</param>
    /// <param name="loss">Its loss on the model's scale.</param>
    public void Add(in CurveBasis basis, double rho, int step, double loss)
    {
        Span<double> now = stackalloc double[D], free = stackalloc double[D];
        basis.At(step, now);
        var kept = Count == 0 ? 0 : Lasting(rho, step - Step);
        var weight = 1 / (1 - kept * kept);
        for (var i = 0; i < D; i++) free[i] = now[i] - kept * _before[i];
        var freeLoss = loss - kept * _lossBefore;
        for (var i = 0; i < D; i++)
        {
            var weighted = weight * free[i];
            for (var j = 0; j <= i; j++) A[i * D + j] += weighted * free[j];
            B[i] += weighted * freeLoss;
        }

        C += weight * freeLoss * freeLoss;
        now.CopyTo(_before);
        (_lossBefore, Step, Count) = (loss, step, Count + 1);
    }

    /// <summary>rho^gap.</summary>
    public static double Lasting(double rho, int gap)
    {
        if (rho == 0) return 0;
        var result = 1.0;
        for (var power = rho; gap > 0; gap >>= 1, power *= power)
        {
            if ((gap & 1) == 1) result *= power;
        }

        return result;
    }
}
