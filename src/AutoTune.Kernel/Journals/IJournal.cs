namespace AutoTune.Journals;

/// <summary>Where the facts of one study are kept, in order, never changed.</summary>
/// <remarks>
/// One writer, the study. After <see cref="Append"/> has returned, the fact survives the end of the process if the journal is durable.
/// <see cref="Read"/> may be called from any thread at any time. Begin a new journal by inheriting <c>JournalConformance</c> of AutoTune.Testing.
/// </remarks>
public interface IJournal : IDisposable
{
    /// <summary>Keeps a fact.</summary>
    /// <exception cref="JournalException">The fact's sequence number does not follow, or the place cannot be written.</exception>
    void Append(StudyEvent studyEvent);

    /// <summary>The facts from a sequence number on, in order: a snapshot as of the call.</summary>
    /// <exception cref="JournalException">What is kept cannot be read.</exception>
    IEnumerable<StudyEvent> Read(long fromSequence = 0);
}

/// <summary>Opens the journal of the study of this name.</summary>
/// <param name="studyName">The study's name.</param>
public delegate IJournal JournalFactory(string studyName);

/// <summary>A journal cannot be opened, read or written. The message says which, why, and what to do.</summary>
public sealed class JournalException : Exception
{
    /// <summary>An error with its cause.</summary>
    public JournalException(string message, Exception? innerException = null) : base(message, innerException) { }
}
