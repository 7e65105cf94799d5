using AutoTune.Spaces;

namespace AutoTune.Tuners.PopulationTraining;

/// <summary>Explores by small moves: each hyperparameter is multiplied by a factor, or now and then drawn anew.</summary>
/// <remarks>
/// Jaderberg and others 2017, "Population Based Training of Neural Networks", section 4: "perturb" and "resample". A number on a log scale is multiplied; on a linear
/// scale it moves by the same share of its size, or of a tenth of the range where it is smaller than that: a zero must not stay one for
/// ever (chosen). Whole numbers and steps move by at least one, ordered choices to a neighbour; choices without order change when drawn anew.
/// </remarks>
internal sealed class Perturbation(double resampleProbability, double growthFactor, double shrinkFactor) : IExploration
{
    private const double LeastShare = 0.1;
    private const int MaxAttempts = 100;

    public Configuration Explore(ExploreRequest request) => Perturb(request.Study.Space, request.Source.Configuration, request.Random);

    /// <summary>A configuration near another; that one itself if none of many tries met the constraints.</summary>
    public Configuration Perturb(SearchSpace space, Configuration source, RandomSource random)
    {
        var dimensions = space.Encoding.Dimensions;
        var (unit, moved, active) = (new double[dimensions.Length], new double[dimensions.Length], new bool[dimensions.Length]);
        space.Encoding.Encode(source, unit, active);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var tries = random.Fork("attempt", attempt);
            for (var j = 0; j < moved.Length; j++)
            {
                var draw = tries.Fork(dimensions[j].Hyperparameter.Name);
                // What does not exist may come alive by another's move.
                var isAnew = !active[j] || draw.NextDouble() < resampleProbability;
                moved[j] = isAnew ? draw.NextDouble() : Move(dimensions[j], unit[j], draw.NextDouble() < 0.5);
            }

            var configuration = space.Encoding.Decode(moved);
            if (space.MeetsConstraints(configuration)) return configuration;
        }

        return source;
    }

    private double Move(EncodedDimension dimension, double unit, bool grows)
    {
        if (dimension.Levels == 1 || !dimension.IsOrdered) return unit;
        var factor = grows ? growthFactor : shrinkFactor;
        switch (dimension.Hyperparameter.Domain)
        {
            case RealDomain { Step: null, Scale: Scale.Log } real:
                return Math.Clamp(unit + PortableMath.Log(factor) / (PortableMath.Log(real.High) - PortableMath.Log(real.Low)), 0, 1);
            case RealDomain { Step: null } real:
                var width = real.High / 2 - real.Low / 2; // the whole range can overflow
                var centre = real.Low / 2 + real.High / 2;
                var value = centre + width * (2 * unit - 1);
                return Math.Clamp(unit + (factor - 1) * Math.Max(Math.Abs(value) / 2 / width, LeastShare), 0, 1);
            default:
                var levels = dimension.Levels!.Value;
                var level = LevelOf(dimension, unit);
                var target = dimension.Hyperparameter.Domain switch
                {
                    IntegerDomain { Scale: Scale.Log } integer => (integer.Low + level) * factor - integer.Low,
                    IntegerDomain integer => level + (factor - 1) * Math.Max(Math.Abs((integer.Low + (double)integer.Step * level) / integer.Step), LeastShare * (levels - 1)),
                    RealDomain { Step: { } step } real => level + (factor - 1) * Math.Max(Math.Abs((real.Low + step * level) / step), LeastShare * (levels - 1)),
                    _ => level,
                };
                var least = level + (grows ? 1 : -1);
                var next = Math.Clamp(Math.Round(target), 0, levels - 1);
                return dimension.UnitOfLevel((long)Math.Clamp(grows ? Math.Max(next, least) : Math.Min(next, least), 0, levels - 1));
        }
    }

    /// <summary>The level of a finite ordered dimension that a unit stands for.</summary>
    private static long LevelOf(EncodedDimension dimension, double unit)
    {
        long low = 0, high = dimension.Levels!.Value - 1;
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (dimension.UnitOfLevel(middle) < unit) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
