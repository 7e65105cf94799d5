using System.Collections.Immutable;
using AutoTune.Spaces;

namespace AutoTune.Tuners.GaussianProcess;

/// <summary>A trial as the tuner remembers it.</summary>
/// <param name="Configuration">What was evaluated.</param>
/// <param name="Unit">Its point (d).</param>
/// <param name="Active">Which hyperparameters exist there (d).</param>
/// <param name="Loss">The loss, or the last report of a trial that did not complete; NaN if there is none.</param>
/// <param name="IsFinal">Whether the trial completed, so that the loss is one that the study could return.</param>
/// <param name="MeetsRequirements">Whether no requirement of the study is known to be broken.</param>
/// <param name="LogSeconds">The logarithm of the seconds that it took, or a step of it if its budget said how many; NaN if that is not known.</param>
internal sealed record Observation(Configuration Configuration, double[] Unit, bool[] Active, double Loss, bool IsFinal, bool MeetsRequirements, double LogSeconds)
{
    /// <summary>What it reported, step by step; empty if nothing.</summary>
    public ImmutableList<TrialReport> Reports { get; init; } = [];

    /// <summary>The standard deviation of what is not known of the loss at the last step, where that is not <see cref="Loss"/> itself but a forecast; 0: nothing.</summary>
    public double Drift { get; init; }

    /// <summary>The standard deviation of the chance in <see cref="Loss"/>, where that is a forecast from some of the trial's repeats; 0: none.</summary>
    public double Chance { get; init; }

    /// <summary>The circumstances under which it was evaluated, in place of those of the layout (see <see cref="SpaceLayout.Context"/>); empty where there are none.</summary>
    public double[] Context { get; init; } = [];

    /// <summary>Derivatives of the loss by the coordinates (d), NaN where none is known; empty if none is known at all.</summary>
    public double[] Gradient { get; init; } = [];

    public static Observation Of(Trial trial, SpaceLayout layout)
    {
        var unit = new double[layout.Count];
        var active = new bool[layout.Count];
        layout.Encode(trial.Configuration, unit, active);
        var loss = trial.Outcome switch
        {
            TrialOutcome.Completed completed => completed.Loss,
            TrialOutcome.Failed => double.NaN,
            _ => trial.LastReport?.Loss ?? double.NaN,
        };
        return new Observation(trial.Configuration, unit, active, double.IsFinite(loss) ? loss : double.NaN, trial.Outcome is TrialOutcome.Completed, trial.MeetsRequirements, LogSecondsOf(trial))
        {
            Reports = trial.Reports,
            Gradient = layout.GradientOf(trial),
        };
    }

    /// <summary>The logarithm of the seconds that a trial took, or a step of it if its budget said how many; NaN if that is not known.</summary>
    /// <remarks>Only of trials that ran from start to end at once: others waited, or were given up half way.</remarks>
    public static double LogSecondsOf(Trial trial)
        => trial is { Outcome: TrialOutcome.Completed, PausedAtStep: 0, FailedAttempts.IsEmpty: true, Duration.Ticks: > 0 }
            ? PortableMath.Log(trial.Duration.Value.TotalSeconds / (trial.Budget ?? 1)) : double.NaN;
}
