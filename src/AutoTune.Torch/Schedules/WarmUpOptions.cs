using AutoTune.Torch.Declaring;
using AutoTune.Torch.Schedules;

namespace AutoTune.Torch;

/// <summary>What is searched of a warm-up to a constant learning rate. Immutable and thread-safe.</summary>
public sealed record WarmUpOptions
{
    /// <summary>The share of steps over which it warms up, from 0 to 1. Default 0.01 to 0.3, beginning with 0.05.</summary>
    public RealRange WarmUpShare { get; init; } = new(.01, .3, Scale.Log, .05);

    internal ScheduleKind Kind => new(nameof(LearningRateSchedule.WarmUp), space =>
    {
        var share = space.Real(nameof(WarmUpShare), WarmUpShare, Bounds.Fraction);
        return (configuration, steps) => LearningRateSchedule.WarmUp(steps, share(configuration));
    });
}
