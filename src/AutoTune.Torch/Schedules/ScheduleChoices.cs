using System.Collections.Immutable;
using AutoTune.Torch;
using AutoTune.Torch.Schedules;

namespace AutoTune;

/// <summary>The learning-rate schedules that a search may choose from, the first being the default: <c>s => s.Cosine().OneCycle()</c>.</summary>
/// <remarks>Immutable and thread-safe. Formulas: <see cref="LearningRateSchedule"/>.</remarks>
public sealed class ScheduleChoices
{
    private ScheduleChoices(ImmutableArray<ScheduleKind> kinds) => Kinds = kinds;

    internal ImmutableArray<ScheduleKind> Kinds { get; }

    /// <summary>A constant rate.</summary>
    public ScheduleChoices Constant() => With(new ScheduleKind(nameof(LearningRateSchedule.Constant), _ => (_, steps) => LearningRateSchedule.Constant(steps)));

    /// <summary>A warm-up, then a constant rate.</summary>
    /// <param name="options">What is searched; null: the defaults.</param>
    public ScheduleChoices WarmUp(WarmUpOptions? options = null) => With((options ?? new()).Kind);

    /// <summary>A warm-up, then in a line to the end.</summary>
    /// <param name="options">What is searched; null: the defaults.</param>
    public ScheduleChoices Linear(DecayOptions? options = null) => With((options ?? new()).KindOf(nameof(LearningRateSchedule.Linear), LearningRateSchedule.Linear));

    /// <summary>A warm-up, then by half a cosine to the end.</summary>
    /// <param name="options">What is searched; null: the defaults.</param>
    public ScheduleChoices Cosine(DecayOptions? options = null) => With((options ?? new()).KindOf(nameof(LearningRateSchedule.Cosine), LearningRateSchedule.Cosine));

    /// <summary>A warm-up, a constant rate, and a fall at the end.</summary>
    /// <param name="options">What is searched; null: the defaults.</param>
    public ScheduleChoices Trapezoid(TrapezoidOptions? options = null) => With((options ?? new()).Kind);

    /// <summary>One cycle: up to the peak, and down again.</summary>
    /// <param name="options">What is searched; null: the defaults.</param>
    public ScheduleChoices OneCycle(OneCycleOptions? options = null) => With((options ?? new()).Kind);

    internal static ScheduleChoices Of(Func<ScheduleChoices, ScheduleChoices> choose, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(choose);
        var choices = choose(new ScheduleChoices([]));
        return choices.Kinds.IsEmpty ? throw new ArgumentException($"'{name}' has no schedule to choose from; name at least one: s => s.Cosine().", nameof(choose)) : choices;
    }

    private ScheduleChoices With(ScheduleKind kind)
        => Kinds.Any(other => other.Name == kind.Name)
            ? throw new ArgumentException($"'{kind.Name}' is named twice; a schedule is one choice: widen its ranges instead.")
            : new ScheduleChoices(Kinds.Add(kind));
}
