using System.Collections.Immutable;

namespace AutoTune;

/// <summary>Declares hyperparameters inside the objective, where they are used: <c>var rate = trial.Real("rate", 1e-5, 1e-1, Scale.Log);</c></summary>
/// <remarks>
/// For studies without <c>WithSearchSpace</c>. Ranges and choices of a name are fixed within a study. What a trial does not read is absent
/// from its configuration.
/// </remarks>
public static class TrialDeclarations
{
    /// <summary>A real number from <paramref name="low"/> to <paramref name="high"/>, both reachable.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="name">The hyperparameter's name.</param>
    /// <param name="low">The smallest value.</param>
    /// <param name="high">The largest value.</param>
    /// <param name="scale">Linear, or log for what works by factors.</param>
    /// <param name="step">The distance between values; null for a continuum.</param>
    /// <exception cref="SearchSpaceException">The declaration has problems, or differs from an earlier one of this name.</exception>
    public static double Real(this ITrialContext trial, string name, double low, double high, Scale scale = Scale.Linear, double? step = null)
        => trial.Declare(name, new RealDomain(low, high, scale, step));

    /// <summary>A whole number from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="name">The hyperparameter's name.</param>
    /// <param name="low">The smallest value.</param>
    /// <param name="high">The largest value.</param>
    /// <param name="scale">Linear, or log for sizes and counts.</param>
    /// <param name="step">The distance between values.</param>
    /// <exception cref="SearchSpaceException">The declaration has problems, or differs from an earlier one of this name.</exception>
    public static int Integer(this ITrialContext trial, string name, int low, int high, Scale scale = Scale.Linear, int step = 1)
        => (int)trial.Declare(name, new IntegerDomain(low, high, scale, step));

    /// <summary>One of several choices without order, told apart by their text.</summary>
    /// <exception cref="SearchSpaceException">The declaration has problems, or differs from an earlier one of this name.</exception>
    public static T Categorical<T>(this ITrialContext trial, string name, params IReadOnlyList<T> choices) => trial.Choose(name, choices, ordered: false);

    /// <summary>One of several choices whose neighbours are alike.</summary>
    /// <exception cref="SearchSpaceException">The declaration has problems, or differs from an earlier one of this name.</exception>
    public static T Ordered<T>(this ITrialContext trial, string name, params IReadOnlyList<T> choices) => trial.Choose(name, choices, ordered: true);

    /// <summary>Yes or no.</summary>
    public static bool Boolean(this ITrialContext trial, string name) => trial.Choose(name, [false, true], ordered: false);

    private static T Choose<T>(this ITrialContext trial, string name, IReadOnlyList<T> choices, bool ordered)
    {
        ArgumentNullException.ThrowIfNull(choices);
        return choices[(int)trial.Declare(name, new ChoiceDomain([.. choices.Select(choice => ChoiceLabel.Of(choice))], ordered))];
    }

    private static double Declare(this ITrialContext trial, string name, Domain domain)
    {
        ArgumentNullException.ThrowIfNull(trial);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ImmutableArray<string> problems = [.. domain.Problems().Select(problem => $"Hyperparameter '{name}': {problem}")];
        if (!problems.IsEmpty) throw new SearchSpaceException($"Hyperparameter '{name}' has several problems:", problems);
        return trial.Declare(new HyperparameterDeclaration(name, domain, domain is ChoiceDomain ? 0 : domain.MiddleCode));
    }
}
