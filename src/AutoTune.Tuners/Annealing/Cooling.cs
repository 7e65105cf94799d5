using AutoTune.Spaces;
using AutoTune.Tuners.Populations;

namespace AutoTune.Tuners.Annealing;

/// <summary>Temperatures of a run, and the steps at a temperature.</summary>
/// <remarks>
/// <code>
/// T(k)   T(0) (T(end) / T(0))^(k / n)                    after k of n trials of a run: geometric
/// u      uniform in [0, 1)
/// y      sgn(u - 1/2) T ((1 + 1/T)^|2u - 1| - 1)         a step of the whole range at most; Ingber 1989, equation 12
/// </code>
/// Most steps are near T, and some as long as the range at any temperature. A choice takes another value, any of the others alike, where such a step would
/// be longer than half the range.
/// </remarks>
internal static class Cooling
{
    private const double ChoiceStep = 0.5;

    public static double Temperature(double first, double last, int trial, int trials)
        => first * PortableMath.Exp(PortableMath.Log(last / first) * Math.Min(1, (double)trial / trials));

    public static double Step(double temperature, RandomSource random)
    {
        var v = 2 * random.NextDouble() - 1;
        var length = temperature * (PortableMath.Exp(Math.Abs(v) * PortableMath.Log(1 + 1 / temperature)) - 1);
        return v < 0 ? -length : length;
    }

    /// <summary>A point a step away in each coordinate.</summary>
    public static double[] Move(SearchSpace space, Individual from, double temperature, RandomSource random)
    {
        var unit = new double[from.Unit.Length];
        for (var j = 0; j < unit.Length; j++)
        {
            var dimension = space.Encoding.Dimensions[j];
            var step = Step(temperature, random);
            if (!from.Active[j]) unit[j] = dimension.AnyValue(random);
            else if (dimension.IsOrdered) unit[j] = dimension.ToValue(from.Unit[j] + step, random);
            else unit[j] = Math.Abs(step) > ChoiceStep ? dimension.OtherValue(from.Unit[j], random) : from.Unit[j];
        }

        return unit;
    }
}
