using AutoTune.Spaces;

namespace AutoTune.Tuners.GaussianProcess;

/// <summary>Bends the range of a number, so that a loss that changes fast at one end and slowly at the other looks even to the kernel.</summary>
/// <remarks>
/// <code>
/// x         a column in [0, 1];  w(x) = 1 - (1 - x^a)^b, increasing from 0 to 1       Kumaraswamy's distribution; Snoek and others 2014
/// ln a, ln b ~ N(0, 0.3^2), learnt with the length scales; at 0 nothing is bent
/// </code>
/// Only numbers that always exist and take many values are bent: few values are told apart by the length scale alone, and what can be absent
/// lies on an arc already. At the ends slopes can be infinite; there the slope a ten-thousandth of the range further in is taken.
/// </remarks>
internal static class InputWarp
{
    /// <summary>The deviation of ln a and ln b: chosen, narrow enough to leave even losses alone.</summary>
    public const double Deviation = 0.3;

    /// <summary>How far ln a and ln b may be from 0.</summary>
    public const double Furthest = 1.2;

    private const int FewLevels = 5;
    private const double End = 1e-4;

    /// <summary>The columns that can be bent, in rising order.</summary>
    public static int[] Columns(SpaceLayout layout)
    {
        var columns = new List<int>();
        for (var j = 0; j < layout.Count; j++)
        {
            if (layout[j] is { Column: >= 0, IsArc: false, Encoded: { IsOrdered: true, Levels: null or > FewLevels } }) columns.Add(layout[j].Column);
        }

        return [.. columns];
    }

    /// <summary>w(x).</summary>
    public static double Value(double x, double logA, double logB)
    {
        if (x <= 0 || x >= 1) return Math.Clamp(x, 0, 1);
        var rest = 1 - PortableMath.Exp(PortableMath.Exp(logA) * PortableMath.Log(x));
        return rest <= 0 ? 1 : 1 - PortableMath.Exp(PortableMath.Exp(logB) * PortableMath.Log(rest));
    }

    /// <summary>dw / dx.</summary>
    public static double Slope(double x, double logA, double logB)
    {
        x = Math.Clamp(x, End, 1 - End);
        double a = PortableMath.Exp(logA), b = PortableMath.Exp(logB), log = PortableMath.Log(x);
        var power = PortableMath.Exp(a * log);
        return a * b * power / x * PortableMath.Exp((b - 1) * PortableMath.Log(1 - power));
    }

    /// <summary>w(x), dw / d ln a and dw / d ln b.</summary>
    public static (double Value, double ByLogA, double ByLogB) WithDerivatives(double x, double logA, double logB)
    {
        if (x <= 0 || x >= 1) return (Math.Clamp(x, 0, 1), 0, 0);
        double a = PortableMath.Exp(logA), b = PortableMath.Exp(logB), log = PortableMath.Log(x);
        var power = PortableMath.Exp(a * log);
        if (power >= 1) return (1, 0, 0);
        var logRest = PortableMath.Log(1 - power);
        var tail = PortableMath.Exp(b * logRest);
        return (1 - tail, a * b * power * log * tail / (1 - power), -b * tail * logRest);
    }
}
