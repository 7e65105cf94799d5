using AutoTune.Torch.Declaring;
using AutoTune.Torch.Schedules;

namespace AutoTune.Torch;

/// <summary>What is searched of a learning rate that stays and falls at the end. Immutable and thread-safe.</summary>
public sealed record TrapezoidOptions
{
    /// <summary>The share of steps over which it warms up first, from 0 to 1. Default 0 to 0.2, beginning with 0.05.</summary>
    public RealRange WarmUpShare { get; init; } = new(0, .2, Scale.Linear, .05);

    /// <summary>The share of the other steps over which it falls, above 0, at most 1. Default 0.1 to 0.6, beginning with 0.2, as its authors found.</summary>
    public RealRange CoolDownShare { get; init; } = new(.1, .6, Scale.Linear, .2);

    internal ScheduleKind Kind => new(nameof(LearningRateSchedule.Trapezoid), space =>
    {
        var (share, down) = (space.Real(nameof(WarmUpShare), WarmUpShare, Bounds.Fraction), space.Real(nameof(CoolDownShare), CoolDownShare, Bounds.PositiveFraction));
        return (configuration, steps) => LearningRateSchedule.Trapezoid(steps, share(configuration), down(configuration));
    });
}
