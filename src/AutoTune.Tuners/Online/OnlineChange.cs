namespace AutoTune;

/// <summary>Something that <c>TuneOnline</c> changed, and why.</summary>
/// <param name="Examples">After how many examples of the stream.</param>
/// <param name="Batch">After how many batches.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Model">The number of the model that it is about; the first is 0.</param>
/// <param name="Configuration">That model's hyperparameters.</param>
/// <param name="Reason">What was changed and why, for a reader: "after 12,400 examples: ...".</param>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed record OnlineChange(long Examples, long Batch, OnlineChangeKind Kind, int Model, Configuration Configuration, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => Reason;
}

/// <summary>Kinds of <see cref="OnlineChange"/>.</summary>
public enum OnlineChangeKind
{
    /// <summary>A challenger was begun: a copy of the champion or of one of the past, or with fresh weights.</summary>
    Started,

    /// <summary>A challenger was given up: worse than the champion, undecided for too long, or diverged.</summary>
    Dropped,

    /// <summary>A challenger became the champion.</summary>
    Promoted,

    /// <summary>The loss rose: what is to be learnt has changed.</summary>
    Drift,

    /// <summary>All models had diverged; the tuner began anew with fresh weights.</summary>
    Restarted,
}
