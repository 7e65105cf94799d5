using AutoTune.Spaces;
using AutoTune.Tuners.Populations;

namespace AutoTune.Tuners.DifferentialEvolution;

/// <summary>The mutations and the crossover of differential evolution (Storn and Price 1997), with choices and conditions.</summary>
/// <remarks>
/// <code>
/// x, b, r1, r2, r3   points: target, one of the best, three others                     d
/// rand/1             v = r1 + F (r2 - r3)
/// current-to-pbest/1 v = x + F (b - x) + F (r1 - r2)      Zhang and Sanderson 2009, equation 6
/// binomial           u_j = v_j where a coin of CR says so, and for one j always; else x_j
/// </code>
/// A coordinate that one of a difference's ends lacks has no difference there; one that the base lacks comes from the others, or anew. A choice
/// without order takes the other end's value with the probability F where its arithmetic would move towards it: for a - b, the value of a where
/// the two differ. Values outside the cube land on its ends, as the best are often there; bins are left by chance (<see cref="Rounding"/>).
/// </remarks>
internal static class DifferentialStep
{
    /// <summary>The mutant of rand/1.</summary>
    public static double[] Rand1(SearchSpace space, Individual r1, Individual r2, Individual r3, double f, RandomSource random)
    {
        var mutant = new double[r1.Unit.Length];
        for (var j = 0; j < mutant.Length; j++)
        {
            var dimension = space.Encoding.Dimensions[j];
            var start = ValueOf(dimension, j, random, r1, r2, r3);
            mutant[j] = Moved(dimension, start, f, Difference(dimension, r2, r3, j, random, f), random);
        }

        return mutant;
    }

    /// <summary>The mutant of current-to-pbest/1.</summary>
    public static double[] CurrentToBest(SearchSpace space, Individual target, Individual best, Individual r1, Individual r2, double f, RandomSource random)
    {
        var mutant = new double[target.Unit.Length];
        for (var j = 0; j < mutant.Length; j++)
        {
            var dimension = space.Encoding.Dimensions[j];
            var start = ValueOf(dimension, j, random, target, best, r1);
            if (dimension.IsOrdered)
            {
                var towards = target.Active[j] && best.Active[j] ? best.Unit[j] - target.Unit[j] : 0;
                mutant[j] = Moved(dimension, start, f, towards + Difference(dimension, r1, r2, j, random, f), random);
            }
            else
            {
                if (best.Active[j] && random.NextDouble() < f) start = best.Unit[j];
                mutant[j] = Moved(dimension, start, f, Difference(dimension, r1, r2, j, random, f), random);
            }
        }

        return mutant;
    }

    /// <summary>Writes over a mutant the coordinates that are the target's.</summary>
    public static void Cross(Individual target, double[] mutant, double rate, RandomSource random)
    {
        var sure = random.NextInt(Math.Max(1, mutant.Length));
        for (var j = 0; j < mutant.Length; j++)
        {
            if (j != sure && random.NextDouble() >= rate && target.Active[j]) mutant[j] = target.Unit[j];
        }
    }

    private static double ValueOf(EncodedDimension dimension, int j, RandomSource random, Individual first, Individual second, Individual third)
        => first.Active[j] ? first.Unit[j] : second.Active[j] ? second.Unit[j] : third.Active[j] ? third.Unit[j] : dimension.AnyValue(random);

    // Of an ordered coordinate the difference; of a choice the value to take, NaN for none.
    private static double Difference(EncodedDimension dimension, Individual to, Individual from, int j, RandomSource random, double f)
    {
        if (dimension.IsOrdered) return to.Active[j] && from.Active[j] ? to.Unit[j] - from.Unit[j] : 0;
        return to.Active[j] && from.Active[j] && to.Unit[j] != from.Unit[j] && random.NextDouble() < f ? to.Unit[j] : double.NaN;
    }

    private static double Moved(EncodedDimension dimension, double start, double f, double difference, RandomSource random)
    {
        if (dimension.IsOrdered) return dimension.ToValue(start + f * difference, random);
        return double.IsNaN(difference) ? start : difference;
    }
}
