using AutoTune.Spaces;
using AutoTune.Tuners.Populations;

namespace AutoTune.Tuners.Genetic;

/// <summary>How children differ from their parents.</summary>
/// <remarks>
/// <code>
/// u       uniform in [0, 1)
/// beta    (2 u)^(1 / (eta + 1)) for u up to a half, else (2 (1 - u))^(-1 / (eta + 1))
/// child   (a + b)/2 +- beta (a - b)/2                             simulated binary crossover, Deb and Agrawal 1995, equations 5 to 9
/// delta   (2 u)^(1 / (eta + 1)) - 1 for u up to a half, else 1 - (2 (1 - u))^(1 / (eta + 1))
/// mutant  x + delta                                               polynomial mutation, Deb and Goyal 1996, over a range of 1
/// </code>
/// Each number is crossed with the probability of a half, as there; else, and of a choice always, it is one parent's, either alike. Where one parent lacks
/// a hyperparameter it is the other's, so that a branch comes whole from the parent that has it; where both do, anew. A choice mutates to any of its
/// other values. What falls outside lands on the end.
/// </remarks>
internal static class Variation
{
    public static double[] Cross(SearchSpace space, Individual a, Individual b, double eta, RandomSource random)
    {
        var child = new double[a.Unit.Length];
        for (var j = 0; j < child.Length; j++)
        {
            var dimension = space.Encoding.Dimensions[j];
            var isOfA = random.NextDouble() < 0.5;
            if (!a.Active[j] || !b.Active[j])
            {
                child[j] = a.Active[j] ? a.Unit[j] : b.Active[j] ? b.Unit[j] : dimension.AnyValue(random);
                continue;
            }

            var (own, other) = isOfA ? (a.Unit[j], b.Unit[j]) : (b.Unit[j], a.Unit[j]);
            child[j] = own;
            if (!dimension.IsOrdered || own == other || random.NextDouble() >= 0.5) continue;
            var u = random.NextDouble();
            var beta = u <= 0.5 ? Power(2 * u, 1 / (eta + 1)) : Power(2 * (1 - u), -1 / (eta + 1));
            child[j] = dimension.ToValue(0.5 * (own + other) + beta * 0.5 * (own - other), random);
        }

        return child;
    }

    /// <summary>A child of one parent.</summary>
    public static double[] Copy(SearchSpace space, Individual parent, RandomSource random)
    {
        var child = (double[])parent.Unit.Clone();
        for (var j = 0; j < child.Length; j++)
        {
            if (!parent.Active[j]) child[j] = space.Encoding.Dimensions[j].AnyValue(random);
        }

        return child;
    }

    /// <returns>How many hyperparameters were changed.</returns>
    public static int Mutate(SearchSpace space, double[] unit, double rate, double eta, RandomSource random)
    {
        var changed = 0;
        for (var j = 0; j < unit.Length; j++)
        {
            var dimension = space.Encoding.Dimensions[j];
            if (dimension.Levels == 1 || random.NextDouble() >= rate) continue;
            changed++;
            if (!dimension.IsOrdered)
            {
                unit[j] = dimension.OtherValue(unit[j], random);
                continue;
            }

            var u = random.NextDouble();
            var delta = u <= 0.5 ? Power(2 * u, 1 / (eta + 1)) - 1 : 1 - Power(2 * (1 - u), 1 / (eta + 1));
            unit[j] = dimension.ToValue(unit[j] + delta, random);
        }

        return changed;
    }

    // 0 to a positive power is 0 here, as the logarithm of 0 is minus infinity; u below 1 keeps negative powers finite.
    private static double Power(double number, double exponent) => PortableMath.Exp(exponent * PortableMath.Log(number));
}
