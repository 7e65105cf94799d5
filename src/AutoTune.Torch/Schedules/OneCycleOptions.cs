using AutoTune.Torch.Declaring;
using AutoTune.Torch.Schedules;

namespace AutoTune.Torch;

/// <summary>What is searched of one cycle. Immutable and thread-safe.</summary>
public sealed record OneCycleOptions
{
    /// <summary>After which share of the steps the peak is reached, above 0, below 1. Default 0.1 to 0.5, beginning with 0.3.</summary>
    public RealRange PeakPosition { get; init; } = new(.1, .5, Scale.Linear, .3);

    /// <summary>The fraction of the rate at the first step, from 0 to 1. Default 0.04, not searched; 0.01 to 0.2 on a log scale is a range.</summary>
    public RealRange InitialFraction { get; init; } = .04;

    /// <summary>The fraction of the rate at the last step, from 0 to 1. Default 4e-6, not searched.</summary>
    public RealRange FinalFraction { get; init; } = 4e-6;

    internal ScheduleKind Kind => new(nameof(LearningRateSchedule.OneCycle), space =>
    {
        var (peak, first, last) = (space.Real(nameof(PeakPosition), PeakPosition, Bounds.Inside), space.Real(nameof(InitialFraction), InitialFraction, Bounds.Fraction), space.Real(nameof(FinalFraction), FinalFraction, Bounds.Fraction));
        return (configuration, steps) => LearningRateSchedule.OneCycle(steps, peak(configuration), first(configuration), last(configuration));
    });
}
