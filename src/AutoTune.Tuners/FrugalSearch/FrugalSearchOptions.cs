namespace AutoTune.Tuners.FrugalSearch;

/// <summary>How <see cref="FrugalSearchExtensions.UseFrugalSearch{T}"/> searches. Immutable and thread-safe.</summary>
public sealed record FrugalSearchOptions
{
    /// <summary>
    /// Sets the cheap configuration that the search starts from, such as few leaves and few rounds; what it does not set has its default.
    /// Default null: the space's default configuration. One that breaks a constraint gives way to a random configuration.
    /// </summary>
    public Action<ConfigurationBuilder>? Start { get; init; }

    /// <summary>Whether local searches run beside a global one. Default <see cref="FrugalForm.Blend"/>.</summary>
    public FrugalForm Form { get; init; } = FrugalForm.Blend;

    /// <summary>What a trial costs. Default <see cref="FrugalCost.Automatic"/>.</summary>
    public FrugalCost Cost { get; init; } = FrugalCost.Automatic;

    /// <summary>
    /// The length of a local search's first step for each hyperparameter that it moves, as a share of its range on its scale: above 0, at
    /// most 1; over d of them the step is root of d times as long. Default 0.1 (FLAML's).
    /// </summary>
    public double InitialStep { get; init; } = 0.1;

    internal FrugalSearchOptions Validated()
    {
        new OptionRules(nameof(FrugalSearchOptions))
            .Demand(Form is FrugalForm.Blend or FrugalForm.Local, nameof(Form), (int)Form, "Blend or Local")
            .Demand(Cost is FrugalCost.Automatic or FrugalCost.Trials or FrugalCost.Duration, nameof(Cost), (int)Cost, "Automatic, Trials or Duration")
            .Demand(InitialStep is > 0 and <= 1, nameof(InitialStep), InitialStep, "above 0 and at most 1")
            .Check();
        return this;
    }
}
