namespace AutoTune.Scheduling;

/// <summary>How <c>UseOneStep</c> chooses: see there.</summary>
public sealed record OneStepOptions
{
    /// <summary>After which step every trial is paused; 1 or more. Default 1.</summary>
    public int Step { get; init; } = 1;

    /// <summary>How many steps a whole trial has; above Step. Default null: the count of the study's steps, as <c>WithEpochs</c> said it.</summary>
    public int? MaxBudget { get; init; }

    /// <summary>One in how many is resumed and run to its end; 2 or more. Default 10.</summary>
    public int OneIn { get; init; } = 10;
}
