using AutoTune.Spaces;

namespace AutoTune.Tuners.Populations;

/// <summary>From any number to a value of a coordinate, by chance where it has bins.</summary>
/// <remarks>
/// A number between the centres of two bins becomes one or the other, the nearer the likelier, so that its mean is the number itself. Steps smaller
/// than a bin are then taken some of the time instead of never; and the middle between two values, where halved differences of two bins always fall,
/// is not always the upper one.
/// </remarks>
internal static class Rounding
{
    private const long MostLevels = 10_000; // beyond, bins are as good as a continuum

    /// <summary>The value of an ordered coordinate; outside the cube its nearest end.</summary>
    public static double ToValue(this EncodedDimension dimension, double unit, RandomSource random)
    {
        unit = double.IsNaN(unit) ? 0.5 : Math.Clamp(unit, 0, 1);
        if (dimension.Levels is not { } levels) return unit;
        if (levels > MostLevels) return dimension.Snap(unit);
        long low = -1, high = levels; // the centre of low is no higher than unit, that of high is above it
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (dimension.UnitOfLevel(middle) <= unit) low = middle;
            else high = middle;
        }

        if (low < 0) return dimension.UnitOfLevel(0);
        var below = dimension.UnitOfLevel(low);
        if (high == levels) return below;
        var above = dimension.UnitOfLevel(high);
        return random.NextDouble() * (above - below) < unit - below ? above : below;
    }

    /// <summary>Any value of a coordinate, all alike on its scale.</summary>
    public static double AnyValue(this EncodedDimension dimension, RandomSource random)
    {
        var unit = random.NextDouble();
        return dimension.Levels is null ? unit : dimension.Snap(unit);
    }

    /// <summary>Another value of a choice than <paramref name="unit"/>, any of the others alike.</summary>
    public static double OtherValue(this EncodedDimension choice, double unit, RandomSource random)
    {
        var levels = choice.Levels!.Value;
        if (levels < 2) return unit;
        var other = choice.UnitOfLevel(random.NextInt((int)levels - 1));
        return other == unit ? choice.UnitOfLevel(levels - 1) : other; // its own gives way to the last
    }

    /// <summary>Moves all coordinates by chance.</summary>
    /// <param name="space">The space.</param>
    /// <param name="unit">The point.</param>
    /// <param name="width">The standard deviation of the moves; the probability that a choice is drawn anew. Not above 0: nothing moves.</param>
    /// <param name="random">The chance.</param>
    public static void Widen(this SearchSpace space, double[] unit, double width, RandomSource random)
    {
        if (!(width > 0)) return;
        for (var j = 0; j < unit.Length; j++)
        {
            var dimension = space.Encoding.Dimensions[j];
            if (dimension.IsOrdered) unit[j] = dimension.ToValue(unit[j] + width * random.NextGaussian(), random);
            else if (random.NextDouble() < width) unit[j] = dimension.AnyValue(random);
        }
    }
}
