using System.Globalization;
using AutoTune.Tuners;
using AutoTune.Tuners.Hybrid;

namespace AutoTune;

/// <summary>When a stage of a <see cref="HybridPlan"/> gives way to the next. Immutable and thread-safe.</summary>
/// <remarks>A function of the finished trials alone, and of how many are pending: replay hands over at the same trial. What has been handed over is not taken back.</remarks>
public abstract record HandOver
{
    private HandOver() { }

    /// <summary>After so many trials of the stage, pending ones included.</summary>
    /// <param name="trials">How many; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public static HandOver After(int trials)
    {
        new OptionRules("HandOver.After").Demand(trials >= 1, nameof(trials), trials, "at least 1").Check();
        return new Trials(trials);
    }

    /// <summary>When so many trials in a row have ended, since the stage began, without a new best of the study.</summary>
    /// <param name="trials">How many; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public static HandOver Stuck(int trials = 20)
    {
        new OptionRules("HandOver.Stuck").Demand(trials >= 1, nameof(trials), trials, "at least 1").Check();
        return new Without(trials);
    }

    /// <summary>When this share of the study's trials has been started; never in a study without a limit of trials.</summary>
    /// <param name="share">Above 0, below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static HandOver AtShare(double share)
    {
        new OptionRules("HandOver.AtShare").Demand(share is > 0 and < 1, nameof(share), share, "above 0 and below 1").Check();
        return new Share(share);
    }

    /// <summary>When a trial has told a gradient with its value (<see cref="TrialValues.WithGradient(Hyperparameter, double)"/>): what to say before <c>UseGradient</c>.</summary>
    public static HandOver GradientsTold() => new Slopes();

    /// <summary>When this is so and the other, too.</summary>
    public HandOver And(HandOver other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new Both(this, other);
    }

    /// <summary>This, or the other, whichever comes first.</summary>
    public HandOver Or(HandOver other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new Either(this, other);
    }

    /// <summary>Why it is time; null while it is not.</summary>
    internal abstract string? Reason(StageState state);

    private sealed record Trials(int Count) : HandOver
    {
        internal override string? Reason(StageState state) => state.Started >= Count ? Text($"stage {state.Stage + 1} has had its {Count} trials") : null;
    }

    private sealed record Without(int Count) : HandOver
    {
        internal override string? Reason(StageState state) => state.SinceBest >= Count ? Text($"stage {state.Stage + 1} found nothing better in {Count} trials") : null;
    }

    private sealed record Share(double Part) : HandOver
    {
        internal override string? Reason(StageState state)
            => state.TrialLimit is { } limit && state.StartedInAll >= Part * limit ? Text($"{100 * Part:0} % of the trials are used") : null;
    }

    private sealed record Slopes : HandOver
    {
        internal override string? Reason(StageState state) => state.AreGradientsTold ? "trials tell gradients" : null;
    }

    private sealed record Both(HandOver First, HandOver Second) : HandOver
    {
        internal override string? Reason(StageState state) => First.Reason(state) is { } first && Second.Reason(state) is { } second ? $"{first}, and {second}" : null;
    }

    private sealed record Either(HandOver First, HandOver Second) : HandOver
    {
        internal override string? Reason(StageState state) => First.Reason(state) ?? Second.Reason(state);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
