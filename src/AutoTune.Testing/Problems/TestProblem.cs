namespace AutoTune.Testing;

/// <summary>A function to be minimised, of which the minimum is known. Immutable and thread-safe.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Space">Where it is defined.</param>
/// <param name="Minimum">Its smallest value.</param>
/// <param name="Optimum">A configuration at which it takes it.</param>
/// <param name="Evaluate">The function; no noise.</param>
public sealed record TestProblem(string Name, SearchSpace Space, double Minimum, Configuration Optimum, Func<Configuration, double> Evaluate)
{
    /// <summary>How far a configuration is from the best possible: 0 at an optimum.</summary>
    public double Regret(Configuration configuration) => Evaluate(configuration) - Minimum;

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
