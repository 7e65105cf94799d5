using System.Collections.Immutable;

namespace AutoTune.Spaces;

/// <summary>Gradients in the unit cube.</summary>
public static class SpaceEncodingExtensions
{
    /// <summary>Writes the derivatives of a loss by the coordinates of the unit cube.</summary>
    /// <param name="encoding">The encoding.</param>
    /// <param name="configuration">The configuration at which the gradient was taken.</param>
    /// <param name="gradient">The derivatives by hyperparameters, by name, in their own units: <see cref="TrialOutcome.Completed.Gradient"/>.</param>
    /// <param name="unit">Receives a derivative for each dimension; NaN where <paramref name="gradient"/> has none.</param>
    /// <returns>How many derivatives there are.</returns>
    /// <remarks>
    /// The chain rule, d loss / d u = d loss / d x times d x / d u: on a linear scale the range (times the derivative), on a log scale x
    /// times the logarithm of high / low. A derivative that is not finite in these units counts as none. Thread-safe.
    /// </remarks>
    public static int EncodeGradient(this ISpaceEncoding encoding, Configuration configuration, ImmutableSortedDictionary<string, double> gradient, Span<double> unit)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentOutOfRangeException.ThrowIfNotEqual(unit.Length, encoding.Dimensions.Length);
        unit.Fill(double.NaN);
        if (gradient.IsEmpty) return 0;
        var count = 0;
        foreach (var dimension in encoding.Dimensions)
        {
            var hyperparameter = dimension.Hyperparameter;
            if (hyperparameter.Domain is not RealDomain domain || !gradient.TryGetValue(hyperparameter.Name, out var derivative)) continue;
            var codes = configuration.Codes;
            if (hyperparameter.Index >= codes.Length || double.IsNaN(codes[hyperparameter.Index])) continue;
            var byUnit = derivative * domain.CodeByUnit(codes[hyperparameter.Index]);
            if (!double.IsFinite(byUnit)) continue;
            unit[hyperparameter.Index] = byUnit;
            count++;
        }

        return count;
    }
}
