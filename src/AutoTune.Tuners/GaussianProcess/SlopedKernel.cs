namespace AutoTune.Tuners.GaussianProcess;

/// <summary>The kernel between losses and derivatives.</summary>
/// <remarks>
/// <code>
/// X         a point's columns times the square roots of their weights;  U, V: directions, scaled alike;  q = |X - X'|^2;  a = sqrt(5 q)
/// S_u, S_v  U'(X - X'), V'(X - X');  T = U'V
/// k', k''   derivatives of the kernel by q:  k'' = 25/12 signal exp(-a) = -5/2 k' / (1 + a),  k''' = -5/2 k'' / a
/// loss, loss              k
/// loss at X, D_v at X'    -2 k' S_v                          the derivative of a process is one, with the derivative of its covariance:
/// D_u at X, D_v at X'     -4 k'' S_u S_v - 2 k' T            Rasmussen and Williams 2006, equation 9.1
/// D_v, D_v at one point   5/3 signal T: the variance of a derivative
/// </code>
/// The Matérn-5/2 kernel has just the two derivatives that this needs; k''' appears where the weights are learnt, times terms that vanish faster.
/// </remarks>
internal static class SlopedKernel
{
    /// <summary>k'' from k'.</summary>
    public static double Second(double slope, double q) => -2.5 * slope / (1 + Math.Sqrt(5 * q));

    /// <summary>k''' from k''; 0 at distance 0, where what it is multiplied with is 0.</summary>
    public static double Third(double second, double q) => q > 0 ? -2.5 * second / Math.Sqrt(5 * q) : 0;

    /// <summary>V'(X - X') where the columns' differences are those of rows <paramref name="i"/> and <paramref name="j"/>.</summary>
    public static double Along(Direction v, double[][] columns, double[] scales, int i, int j)
    {
        var sum = v.Factor * scales[v.First] * (columns[v.First][i] - columns[v.First][j]);
        return v.Second < 0 ? sum : sum + v.SecondFactor * scales[v.Second] * (columns[v.Second][i] - columns[v.Second][j]);
    }

    /// <summary>V'(X - X') for a scaled point X that is no row.</summary>
    public static double Along(Direction v, ReadOnlySpan<double> point, double[][] columns, double[] scales, int j)
    {
        var sum = v.Factor * scales[v.First] * (point[v.First] - columns[v.First][j]);
        return v.Second < 0 ? sum : sum + v.SecondFactor * scales[v.Second] * (point[v.Second] - columns[v.Second][j]);
    }

    /// <summary>U'V.</summary>
    public static double Product(Direction u, Direction v, double[] scales)
    {
        var sum = Product(u.First, u.Factor, v, scales);
        return u.Second < 0 ? sum : sum + Product(u.Second, u.SecondFactor, v, scales);
    }

    private static double Product(int column, double factor, Direction v, double[] scales)
    {
        var other = column == v.First ? v.Factor : column == v.Second ? v.SecondFactor : 0;
        return factor * other * scales[column] * scales[column];
    }
}
