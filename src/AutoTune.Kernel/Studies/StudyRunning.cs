using AutoTune.Execution;
using AutoTune.Studies;

namespace AutoTune;

/// <summary>Opens and runs the study that a <see cref="StudyBuilder"/> describes.</summary>
public static class StudyRunning
{
    /// <summary>Opens the study for your own loop of <see cref="Study.Ask"/> and <see cref="Study.Tell"/>. Dispose it.</summary>
    /// <exception cref="StudyDefinitionException">The description has problems; all are listed.</exception>
    /// <exception cref="Journals.JournalException">The journal cannot be opened or read.</exception>
    public static Study Open(this StudyBuilder study)
    {
        ArgumentNullException.ThrowIfNull(study);
        var address = StudyOpenings.Next(study.Name);
        return StudyOpener.Open(study.Settings, address, WorkerStudies.Reach(address));
    }

    /// <summary>Runs the study to its end. Cancelling interrupts running trials and gives the best so far.</summary>
    /// <exception cref="StudyDefinitionException">The description has problems, such as no limit at all; all are listed.</exception>
    /// <exception cref="Journals.JournalException">The journal cannot be opened or read.</exception>
    /// <exception cref="StudyFailedException">It ended, not by cancellation, without a single value, or no trial meets the requirements.</exception>
    /// <exception cref="WorkerProcessException">It runs in worker processes, which cannot be started.</exception>
    public static async Task<StudyResult> RunAsync(this StudyBuilder study, IObjective objective, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(objective);
        var address = StudyOpenings.Next(study.Name);
        var earlier = await WorkerStudies.ReachAsync(address, study.Settings, objective).ConfigureAwait(false);
        using var open = StudyOpener.Open(study.Settings, address, earlier, mustEnd: !cancellationToken.CanBeCanceled);
        // Off the caller's thread: a tuner may think for a second, and a window is not to freeze meanwhile.
        return await Task.Run(() => open.RunAsync(objective, cancellationToken), CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Runs the study on a function of the trial that gives the metric's value.</summary>
    /// <inheritdoc cref="RunAsync(StudyBuilder, IObjective, CancellationToken)"/>
    public static Task<StudyResult> RunAsync(this StudyBuilder study, Func<ITrialContext, double> objective, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(objective);
        return study.RunAsync(new FunctionObjective((trial, _) => new ValueTask<TrialValues>(objective(trial))), cancellationToken);
    }

    /// <summary>Runs the study on a function of the trial that gives the metric's value and other figures.</summary>
    /// <inheritdoc cref="RunAsync(StudyBuilder, IObjective, CancellationToken)"/>
    public static Task<StudyResult> RunAsync(this StudyBuilder study, Func<ITrialContext, TrialValues> objective, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(objective);
        return study.RunAsync(new FunctionObjective((trial, _) => new ValueTask<TrialValues>(objective(trial))), cancellationToken);
    }

    /// <summary>Runs the study on an asynchronous function; its token is cancelled when the study ends before the trial does.</summary>
    /// <inheritdoc cref="RunAsync(StudyBuilder, IObjective, CancellationToken)"/>
    public static Task<StudyResult> RunAsync(this StudyBuilder study, Func<ITrialContext, CancellationToken, Task<double>> objective, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(objective);
        return study.RunAsync(new FunctionObjective(async (trial, token) => await objective(trial, token).ConfigureAwait(false)), cancellationToken);
    }
}
