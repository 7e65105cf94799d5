using System.Collections.Immutable;

namespace AutoTune.Execution;

/// <summary>What a worker and its parent tell each other. <see cref="MessageCodec"/> has their bytes.</summary>
internal abstract record WorkerMessage
{
    private WorkerMessage() { }

    // From the worker.

    /// <summary>The worker has reached the study, as it is defined there, and waits for trials.</summary>
    public sealed record Hello(ImmutableArray<string> Definition, int Hyperparameters) : WorkerMessage;

    /// <summary>The worker has come to a study that is not its own; answered by <see cref="Recalled"/>.</summary>
    public sealed record Recall(StudyAddress Study) : WorkerMessage;

    /// <summary>A report; answered by <see cref="Directed"/>.</summary>
    public sealed record Reported(TrialReport Report) : WorkerMessage;

    /// <summary>The objective declares a hyperparameter; answered by <see cref="Declared"/>.</summary>
    public sealed record Declares(HyperparameterDeclaration Declaration) : WorkerMessage;

    /// <summary>The trial's end.</summary>
    /// <param name="Outcome">How it ended.</param>
    /// <param name="SpaceProblems">If it failed because its space is not well defined: the problems.</param>
    public sealed record Ended(TrialOutcome Outcome, ImmutableArray<string> SpaceProblems) : WorkerMessage;

    /// <summary>The trial ended because it was cancelled.</summary>
    public sealed record Cancelled : WorkerMessage;

    /// <summary>The worker lives.</summary>
    public sealed record Alive : WorkerMessage;

    // From the parent.

    /// <summary>A trial to evaluate: its configuration as codes, and before them the last hyperparameters of its space if the worker does not know them yet.</summary>
    public sealed record Evaluate(TrialId Trial, ImmutableArray<HyperparameterDeclaration> NewHyperparameters, ImmutableArray<double> Codes, Goal Goal,
        int? Budget, int ResumeAfterStep, long Seed, string ArtifactDirectory, long? ArtifactLimit) : WorkerMessage;

    /// <summary>The trial is to end.</summary>
    public sealed record Cancel(TrialId Trial) : WorkerMessage;

    /// <summary>The answer to a report.</summary>
    public sealed record Directed(Directive Directive) : WorkerMessage;

    /// <summary>The answer to a declaration.</summary>
    public sealed record Declared(double Code) : WorkerMessage;

    /// <summary>A report or declaration was refused.</summary>
    /// <param name="Message">Why.</param>
    /// <param name="HasEnded">Whether the study has ended.</param>
    /// <param name="SpaceProblems">If the declaration is not well defined: the problems.</param>
    public sealed record Refused(string Message, bool HasEnded, ImmutableArray<string> SpaceProblems) : WorkerMessage;

    /// <summary>The answer to <see cref="Recall"/>.</summary>
    public sealed record Recalled(EarlierStudy Study) : WorkerMessage;
}
