using AutoTune.Torch.Declaring;
using AutoTune.Torch.Schedules;

namespace AutoTune.Torch;

/// <summary>What is searched of a learning rate that falls to the end, in a line or by a cosine. Immutable and thread-safe.</summary>
public sealed record DecayOptions
{
    /// <summary>The share of steps over which it warms up first, from 0 to 1. Default 0 to 0.2, beginning with 0.05.</summary>
    public RealRange WarmUpShare { get; init; } = new(0, .2, Scale.Linear, .05);

    /// <summary>The fraction of the rate that is left at the end, from 0 to 1. Default 0, not searched; 0 to 0.2 is a range.</summary>
    public RealRange FinalFraction { get; init; } = 0;

    internal ScheduleKind KindOf(string name, Func<int, double, double, LearningRateSchedule> create) => new(name, space =>
    {
        var (share, fraction) = (space.Real(nameof(WarmUpShare), WarmUpShare, Bounds.Fraction), space.Real(nameof(FinalFraction), FinalFraction, Bounds.Fraction));
        return (configuration, steps) => create(steps, share(configuration), fraction(configuration));
    });
}
