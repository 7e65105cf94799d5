namespace AutoTune.Execution;

/// <summary>Runs trials: in this process, in worker processes, across machines, or in virtual time.</summary>
/// <remarks>
/// An objective's exception is the outcome <see cref="TrialOutcome.Failed"/>, never thrown. Cancelling ends the task with
/// <see cref="OperationCanceledException"/>. Begin a new executor by inheriting <c>ExecutorConformance</c> of AutoTune.Testing.
/// </remarks>
public interface ITrialExecutor : IAsyncDisposable
{
    /// <summary>How many trials may run at a time.</summary>
    int Slots { get; }

    /// <summary>Runs one trial to its end, pause or failure.</summary>
    Task<TrialOutcome> ExecuteAsync(TrialAssignment assignment, IReportSink reports, CancellationToken cancellationToken);

    /// <summary>The study has started all the work it can and now waits for a report, an end or its time limit: where simulated time moves on.</summary>
    /// <param name="isWoken">Whether something has happened that the study waits for. What goes on beyond that, it would learn of too late.</param>
    void OnStudyWaits(Func<bool> isWoken) { }
}

/// <summary>Takes the reports of running trials and answers with directives. Thread-safe.</summary>
public interface IReportSink
{
    /// <summary>Records a report and hears what the trial is to do.</summary>
    Directive Report(TrialReport report);

    /// <summary>The code of the trial's value for a hyperparameter that the objective declares; it joins the study's space if it is new.</summary>
    /// <exception cref="SearchSpaceException">The declaration has problems, or differs from an earlier one of this name.</exception>
    double Declare(TrialId trial, HyperparameterDeclaration declaration);
}

/// <summary>What an executor needs to run a trial.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Configuration">What to evaluate.</param>
/// <param name="Goal">What the study is after.</param>
/// <param name="Budget">How many steps it may use in all; null: no limit.</param>
/// <param name="ResumeAfterStep">The step of its checkpoint; 0 for a fresh trial.</param>
/// <param name="Seed">The seed of the trial's own randomness.</param>
/// <param name="ArtifactDirectory">The folder that is the trial's own; created when first used.</param>
public sealed record TrialAssignment(TrialId Trial, Configuration Configuration, Goal Goal, int? Budget, int ResumeAfterStep, long Seed, string ArtifactDirectory)
{
    /// <summary>How many bytes its files may have in all; null: no limit.</summary>
    public long? ArtifactLimit { get; init; }

    /// <summary>Whether an objective that returned before its budget ended, as far as its reports say, came to its end all the same: its value is then the report at that step.</summary>
    /// <param name="lastStep">The step of its last report, or <see cref="ResumeAfterStep"/>.</param>
    /// <param name="stepBefore">That of the report before, by the same attempt; null: there was none.</param>
    /// <returns>True where it reports so seldom that the next report would have come later; false where it ended by itself.</returns>
    public bool IsAtBudget(int lastStep, int? stepBefore) => Budget > lastStep && !(lastStep - stepBefore <= Budget - lastStep);
}

/// <summary>Makes an executor for an objective.</summary>
public delegate ITrialExecutor ExecutorFactory(IObjective objective, TimeProvider time);
