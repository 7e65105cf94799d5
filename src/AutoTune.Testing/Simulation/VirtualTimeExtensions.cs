using AutoTune.Testing;

namespace AutoTune;

/// <summary>Simulated studies.</summary>
public static class VirtualTimeExtensions
{
    /// <summary>Runs the study in virtual time: see <see cref="VirtualTimeExecutor"/>.</summary>
    /// <param name="study">The study.</param>
    /// <param name="time">The clock; it moves while the study runs.</param>
    /// <param name="slots">How many trials run at a time.</param>
    /// <param name="cost">How long each step takes; a minute by default.</param>
    public static T UseVirtualTime<T>(this T study, VirtualTime time, int slots = 1, StepCost? cost = null) where T : StudyBuilder
    {
        ArgumentNullException.ThrowIfNull(time);
        return study.UseTime(time).UseExecutor((objective, _) => new VirtualTimeExecutor(objective, time, slots, cost ?? ((_, _) => TimeSpan.FromMinutes(1))));
    }
}
