using AutoTune.Spaces;

namespace AutoTune.Tuners.LearningCurves;

/// <summary>The dictionary of curves: each is 1 at step 1 and 0 at the last step T, but for the constant.</summary>
/// <remarks>
/// So the constant's weight is the loss at the last step, and what is learnt of it is a prior for that loss. The others are a logarithm (a power
/// law with exponent 0), the power laws t^-1/2 and t^-1, exponentials that last a tenth and a third of the way, and a line, for what gets worse with
/// time. Weights may have either sign: a curve that falls and then rises is a sum of them.
/// </remarks>
internal readonly struct CurveBasis
{
    public const int Size = 7;

    private readonly double _last, _logLast, _root, _inverse, _short, _long;

    /// <param name="last">T, 2 or more.</param>
    public CurveBasis(int last)
    {
        _last = last;
        _logLast = PortableMath.Log(last);
        _root = 1 / Math.Sqrt(last);
        _inverse = 1.0 / last;
        _short = PortableMath.Exp(-(last - 1.0) / (0.1 * last));
        _long = PortableMath.Exp(-(last - 1.0) / (last / 3.0));
    }

    /// <summary>The values at a step.</summary>
    public void At(int step, Span<double> values)
    {
        double t = step;
        values[0] = 1;
        values[1] = 1 - PortableMath.Log(t) / _logLast;
        values[2] = (1 / Math.Sqrt(t) - _root) / (1 - _root);
        values[3] = (1 / t - _inverse) / (1 - _inverse);
        values[4] = (PortableMath.Exp(-(t - 1) / (0.1 * _last)) - _short) / (1 - _short);
        values[5] = (PortableMath.Exp(-(t - 1) / (_last / 3)) - _long) / (1 - _long);
        values[6] = (_last - t) / (_last - 1);
    }
}
