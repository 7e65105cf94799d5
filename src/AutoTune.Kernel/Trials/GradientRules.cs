using System.Collections.Immutable;

namespace AutoTune;

/// <summary>What a gradient may hold: finite derivatives by active real hyperparameters.</summary>
internal static class GradientRules
{
    /// <summary>Why there can be no derivative by a hyperparameter that is not real.</summary>
    public static string NotReal(Hyperparameter hyperparameter)
        => $"Hyperparameter '{hyperparameter.Name}' is {(hyperparameter.Domain is IntegerDomain ? "a whole number" : "a choice")}; a gradient has derivatives by real "
            + "hyperparameters only: leave it out, or declare it real.";

    /// <summary>The first thing that is wrong with a gradient; null if nothing is.</summary>
    public static string? ProblemOf(ImmutableSortedDictionary<string, double> gradient, Configuration configuration)
    {
        foreach (var name in gradient.Keys)
        {
            var hyperparameter = configuration.Space.Hyperparameters.FirstOrDefault(h => h.Name == name);
            if (hyperparameter is null)
                return $"The objective returned a derivative by '{name}', which is not in the space, which has {configuration.Space.Names}; use one of these.";
            if (hyperparameter.Domain is not RealDomain) return NotReal(hyperparameter);
            if (!configuration.IsActive(hyperparameter))
                return $"The objective returned a derivative by '{name}', which is inactive in this trial: it exists only when {hyperparameter.ActiveWhen}; leave it out there.";
        }

        return null;
    }

    /// <summary>The derivatives that are finite: one that is not tells nothing, and the value beside it is good.</summary>
    public static ImmutableSortedDictionary<string, double> Finite(ImmutableSortedDictionary<string, double> gradient)
        => gradient.RemoveRange(gradient.Where(entry => !double.IsFinite(entry.Value)).Select(entry => entry.Key));
}
