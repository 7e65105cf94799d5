namespace AutoTune.Tuners.LearningCurves;

/// <summary>How <see cref="CurvePredictionExtensions.UseCurvePrediction{T}"/> stops trials. Immutable and thread-safe.</summary>
public sealed record CurvePredictionOptions
{
    /// <summary>A trial is stopped when the chance that its last loss beats the best one is lower: above 0, below 0.5. Default 0.05.</summary>
    public double Chance { get; init; } = 0.05;

    /// <summary>
    /// The step whose loss is predicted: 2 or more. Default null: the study's own (<c>WithEpochs(52)</c>), or else the largest step of a completed
    /// trial.
    /// </summary>
    public int? LastStep { get; init; }

    /// <summary>The first step at which a trial may be stopped: 1 or more. Default 1.</summary>
    public int FirstStep { get; init; } = 1;

    /// <summary>How many trials must have completed before one is stopped: 1 or more. Default 5.</summary>
    public int MinTrials { get; init; } = 5;

    internal CurvePredictionOptions Validated()
    {
        new OptionRules(nameof(CurvePredictionOptions))
            .Demand(Chance is > 0 and < 0.5, nameof(Chance), Chance, "above 0 and below 0.5")
            .Demand(LastStep is null or >= 2, nameof(LastStep), LastStep, "2 or more, or null")
            .Demand(FirstStep >= 1, nameof(FirstStep), FirstStep, "1 or more")
            .Demand(MinTrials >= 1, nameof(MinTrials), MinTrials, "1 or more")
            .Check();
        return this;
    }
}
