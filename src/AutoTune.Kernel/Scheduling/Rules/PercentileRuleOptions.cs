namespace AutoTune.Scheduling;

/// <summary>When a percentile rule looks at trials: see <c>UsePercentileRule</c> and <c>UseMedianRule</c>.</summary>
public sealed record PercentileRuleOptions
{
    /// <summary>How many steps every trial may do unjudged; 0 or more. Default 0.</summary>
    public int GraceSteps { get; init; }

    /// <summary>How many other trials must have come to a step before one is judged there; 1 or more. Default 5 (Optuna's).</summary>
    public int MinTrials { get; init; } = 5;

    /// <summary>
    /// How many steps lie between two looks; 1 or more. Default 1. The first report at or after a look's step counts for it: where trials report
    /// at steps of their own, choose no less than the widest gap between two reports, so that all meet at the same looks.
    /// </summary>
    public int Interval { get; init; } = 1;
}
