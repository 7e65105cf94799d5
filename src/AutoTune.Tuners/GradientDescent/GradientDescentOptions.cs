namespace AutoTune.Tuners.GradientDescent;

/// <summary>How <see cref="GradientDescentExtensions.UseGradient{T}"/> searches. Immutable and thread-safe.</summary>
public sealed record GradientDescentOptions
{
    /// <summary>
    /// Sets the configuration that the search starts from; what it does not set has its default. Default null: the space's default configuration.
    /// Hyperparameters that are not real numbers stay as they are there, or as in the best trial that is known. One that breaks a constraint gives
    /// way to a random configuration.
    /// </summary>
    public Action<ConfigurationBuilder>? Start { get; init; }

    /// <summary>
    /// How many points are tried before the first step, the start and then Sobol points; at least 1. The search goes on from the best, and comes
    /// back to the others when it can go no further. Default 1: a gradient at the start tells more than the value somewhere else.
    /// </summary>
    public int Starts { get; init; } = 1;

    /// <summary>
    /// The length of the first step for each hyperparameter that moves, as a share of its range on its scale: above 0, at most 1. Those with large
    /// derivatives move further than those with small ones, by the cube root; this is their root mean square, weighted so. Default 0.2.
    /// </summary>
    public double InitialStep { get; init; } = 0.2;

    /// <summary>The length, in the units of <see cref="InitialStep"/>, below which a search has arrived and begins anew elsewhere: above 0, below the initial step. Default 0.0001.</summary>
    public double LeastStep { get; init; } = 1e-4;

    internal GradientDescentOptions Validated()
    {
        new OptionRules(nameof(GradientDescentOptions))
            .Demand(Starts >= 1, nameof(Starts), Starts, "at least 1")
            .Demand(InitialStep is > 0 and <= 1, nameof(InitialStep), InitialStep, "above 0 and at most 1")
            .Demand(LeastStep > 0 && LeastStep < InitialStep, nameof(LeastStep), LeastStep, "above 0 and below the initial step")
            .Check();
        return this;
    }
}
