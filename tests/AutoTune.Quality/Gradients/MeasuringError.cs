using System.Collections.Immutable;

namespace AutoTune.Quality.Gradients;

/// <summary>How trials misjudge a loss and its gradient: as trainings do that are not at their minimum, the same at each evaluation of a configuration.</summary>
/// <param name="Seed">Which errors.</param>
/// <param name="OfLoss">Standard deviation of the error of the loss.</param>
/// <param name="OfSlope">Standard deviation of the error of each derivative by a coordinate of the unit cube.</param>
/// <param name="OfLength">Standard deviation of the logarithm of the gradient's length; its median is half of what is true.</param>
internal sealed record MeasuringError(int Seed, double OfLoss, double OfSlope, double OfLength)
{
    /// <summary>What is told of a configuration whose true values are given.</summary>
    public TrialValues Apply(SearchSpace space, Configuration configuration, TrialValues truth)
    {
        var unit = new double[space.Encoding.Dimensions.Length];
        space.Encoding.Encode(configuration, unit, []);
        long hash = 17;
        foreach (var coordinate in unit) hash = unchecked(hash * 1099511628211L ^ BitConverter.DoubleToInt64Bits(coordinate));
        var random = new RandomSource(Seed).Fork("error", hash);
        var result = truth with { Value = truth.Value + OfLoss * random.NextGaussian() };
        if (truth.Gradient.IsEmpty) return result;
        var length = 0.5 * Math.Exp(OfLength * random.NextGaussian());
        var byUnit = new double[unit.Length];
        Spaces.SpaceEncodingExtensions.EncodeGradient(space.Encoding, configuration, truth.Gradient.ToImmutableSortedDictionary(pair => pair.Key, _ => 1.0), byUnit);
        for (var j = 0; j < byUnit.Length; j++)
        {
            var name = space.Hyperparameters[j].Name;
            result = result.WithGradient(name, length * truth.Gradient[name] + OfSlope * random.NextGaussian() / byUnit[j]);
        }

        return result;
    }
}
