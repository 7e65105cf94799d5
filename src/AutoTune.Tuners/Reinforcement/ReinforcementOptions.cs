using System.Collections.Immutable;

namespace AutoTune.Tuners.Reinforcement;

/// <summary>How <see cref="ReinforcementExtensions.UseReinforcement{T}"/> searches. Immutable and thread-safe, as the views in it are.</summary>
public sealed record ReinforcementOptions
{
    /// <summary>
    /// Studies of other data with the same or an overlapping space: the policy is trained on them before the first trial. Hyperparameters are matched by
    /// name, values by what they are; what this study's space does not have is left out. Losses count by their ranks within each study. Default: none.
    /// </summary>
    public ImmutableArray<StudyView> Earlier { get; init; } = [];

    /// <summary>
    /// How many trials, pending ones included, come before the policy's first; 0 or more. They are of a design (defaults, then Latin hypercubes), or the best of
    /// <see cref="Earlier"/>, of each study in turn. Default null: 8 of a design, 5 of earlier studies.
    /// </summary>
    public int? InitialTrials { get; init; }

    /// <summary>
    /// How many configurations the policy draws for a trial, from 1 to 10,000: half of them as it would act now, half as it would in a new study. A Gaussian process of this
    /// study picks one, and every third trial it looks for one itself in the whole space, as <c>UseBayesian</c> would: that costs a few milliseconds with 100 trials. Default 64; 1: the first is
    /// tried, without a model.
    /// </summary>
    public int Candidates { get; init; } = 64;

    /// <summary>After how many told trials the policy is improved; at least 1. Default 4.</summary>
    public int BatchTrials { get; init; } = 4;

    /// <summary>How many times an improvement goes over its trials; at least 1. Default 10.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>The step size of an improvement (Adam's), in the units of the policy's logits and of ranges; above 0, at most 1. Default 0.02.</summary>
    public double LearningRate { get; init; } = 0.02;

    /// <summary>By how much the likelihood of an action may change in one improvement, relatively, before it counts no more: above 0, below 1. Default 0.2 (Schulman and others 2017).</summary>
    public double Clip { get; init; } = 0.2;

    /// <summary>
    /// How spread the policy is to be at the end, as its entropy by that of an even one: above 0, at most 1. It is steered there from 0.6 at the start.
    /// Default 0.2.
    /// </summary>
    public double FinalEntropy { get; init; } = 0.2;

    internal ReinforcementOptions Validated()
    {
        new OptionRules(nameof(ReinforcementOptions))
            .Demand(InitialTrials is null or >= 0, nameof(InitialTrials), InitialTrials ?? 0, "0 or more, or null for the rule")
            .Demand(Earlier.IsDefaultOrEmpty || Earlier.All(study => study is not null), nameof(Earlier), null, "studies and no null, such as StudyFile.Open(\"prices.db\").Read(\"prices\")")
            .Demand(Candidates is >= 1 and <= 10_000, nameof(Candidates), Candidates, "from 1 to 10,000")
            .Demand(BatchTrials >= 1, nameof(BatchTrials), BatchTrials, "at least 1")
            .Demand(Epochs >= 1, nameof(Epochs), Epochs, "at least 1")
            .Demand(LearningRate is > 0 and <= 1, nameof(LearningRate), LearningRate, "above 0 and at most 1")
            .Demand(Clip is > 0 and < 1, nameof(Clip), Clip, "above 0 and below 1")
            .Demand(FinalEntropy is > 0 and <= 1, nameof(FinalEntropy), FinalEntropy, "above 0 and at most 1")
            .Check();
        return this;
    }
}
