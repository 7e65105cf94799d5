using System.Collections.Immutable;

namespace AutoTune;

/// <summary>A fact of a study. The study is the fold of its facts: see <see cref="StudyView"/>.</summary>
/// <remarks>A closed hierarchy, immutable. Times are for people: two runs of the same study differ in them alone.</remarks>
public abstract record StudyEvent
{
    private protected StudyEvent() { }

    /// <summary>Its place in the journal, counted from 0.</summary>
    public long Sequence { get; init; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>The first fact of every journal.</summary>
/// <param name="Name">The study's name.</param>
/// <param name="Seed">The seed of all its randomness.</param>
/// <param name="Goal">What it is after.</param>
/// <param name="Space">What it may vary; empty if the objective declares it.</param>
public sealed record StudyCreated(string Name, long Seed, Goal Goal, SearchSpace Space) : StudyEvent
{
    /// <summary>What besides the space makes its values comparable, such as the data and how they are split; may be empty.</summary>
    public string Evaluation { get; init; } = "";

    /// <summary>What a trial must meet besides being good; may be empty.</summary>
    public ImmutableArray<Requirement> Requirements { get; init; } = [];

    /// <summary>What the steps of its trials are; null where nothing was said of them.</summary>
    public TrialSteps? Steps { get; init; }
}

/// <summary>The objective declared a hyperparameter that the space did not have.</summary>
/// <param name="Hyperparameter">The hyperparameter, the last of the new space.</param>
public sealed record HyperparameterDeclared(Hyperparameter Hyperparameter) : StudyEvent;

/// <summary>A trial began.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Configuration">What it evaluates.</param>
/// <param name="Budget">How many steps it may use; null: no limit.</param>
/// <param name="Tags">Notes of tuner and scheduler.</param>
/// <param name="Origin">Who proposed it.</param>
public sealed record TrialStarted(TrialId Trial, Configuration Configuration, int? Budget, ImmutableSortedDictionary<string, string> Tags, string Origin) : StudyEvent;

/// <summary>An objective that declares its space read these values: the trial's true configuration.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Configuration">The values that were read.</param>
public sealed record TrialConfigured(TrialId Trial, Configuration Configuration) : StudyEvent;

/// <summary>A trial gave an intermediate result.</summary>
/// <param name="Report">The result.</param>
public sealed record TrialReported(TrialReport Report) : StudyEvent;

/// <summary>A trial was halted by its scheduler and may be resumed.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="AtStep">The step of its last report.</param>
/// <param name="Reason">Why.</param>
public sealed record TrialPaused(TrialId Trial, int AtStep, string Reason) : StudyEvent;

/// <summary>A paused trial goes on.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Budget">How many steps it may use in all; null: no limit.</param>
/// <param name="From">The trial from whose checkpoint it goes on; null: its own.</param>
/// <param name="Configuration">What it goes on with; null: what it had.</param>
/// <param name="Reason">Why from there or with that; may be empty.</param>
public sealed record TrialResumed(TrialId Trial, int? Budget, TrialId? From, Configuration? Configuration = null, string Reason = "") : StudyEvent;

/// <summary>An attempt failed, or was found orphaned when its study was opened again; the trial will be evaluated once more.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Error">What went wrong.</param>
public sealed record TrialAttemptFailed(TrialId Trial, TrialError Error) : StudyEvent;

/// <summary>A trial was interrupted by the user or a time limit; it will be evaluated again if the study goes on.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Reason">Why.</param>
public sealed record TrialInterrupted(TrialId Trial, string Reason) : StudyEvent;

/// <summary>An interrupted or failed trial is evaluated again.</summary>
/// <param name="Trial">The trial.</param>
public sealed record TrialRestarted(TrialId Trial) : StudyEvent;

/// <summary>A trial ended for good.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Outcome">How: completed, stopped or failed.</param>
public sealed record TrialFinished(TrialId Trial, TrialOutcome Outcome) : StudyEvent;

/// <summary>The tuner could not propose; a random configuration took its place.</summary>
/// <param name="Trial">The trial that it was asked for.</param>
/// <param name="Error">What went wrong.</param>
public sealed record TunerFailed(TrialId Trial, TrialError Error) : StudyEvent;
