using System.Collections.Concurrent;
using System.Collections.Immutable;
using AutoTune.Journals;
using AutoTune.Sqlite;

namespace AutoTune;

/// <summary>A study file, to be read: which studies it holds, and each of them as it stands. Works while a study is being written.</summary>
/// <remarks>
/// Holds nothing open between calls; each call sees the file as of then. No code of the study's is needed: choices come as their texts,
/// and constraints by name only. Whoever follows a study keeps one of these: it remembers where it stopped. Thread-safe.
/// </remarks>
public sealed class StudyFile
{
    private readonly ConcurrentDictionary<string, Bookmark> _bookmarks = new(StringComparer.Ordinal);

    private StudyFile(string path) => Path = path;

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>The names of the studies in it, the oldest first.</summary>
    /// <exception cref="JournalException">The file cannot be read.</exception>
    public ImmutableArray<string> StudyNames
    {
        get
        {
            using var connection = StudyDatabase.OpenForReading(Path);
            return StudyDatabase.StudyNames(connection, Path);
        }
    }

    /// <summary>The file at this path.</summary>
    /// <exception cref="JournalException">There is none, it is no study file, or it comes from a newer AutoTune.</exception>
    public static StudyFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        StudyDatabase.OpenForReading(path).Dispose();
        return new StudyFile(path);
    }

    /// <summary>Looks at every page and every fact of the file at this path.</summary>
    /// <returns>What is wrong, for people; empty if nothing is.</returns>
    /// <exception cref="JournalException">There is none, it is no study file, or it comes from a newer AutoTune.</exception>
    public static ImmutableArray<string> Check(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return DamagedFile.Problems(path);
    }

    /// <summary>
    /// Makes a damaged file one that can be read and gone on with: of each study the facts up to the first that is damaged are kept. The damaged file is
    /// set aside under another name beside it. A file in which nothing is wrong is left alone.
    /// </summary>
    /// <exception cref="JournalException">There is none, it is no study file, comes from a newer AutoTune, or is being written.</exception>
    public static StudyRepair Repair(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return DamagedFile.Repair(path);
    }

    /// <summary>A study as it stands.</summary>
    /// <exception cref="JournalException">It is not in the file, or cannot be read.</exception>
    public StudyView Read(string studyName) => StudyView.Of(ReadFacts(studyName));

    /// <summary>The facts of a study, in order. Whoever follows a study asks for those that are new.</summary>
    /// <remarks>
    /// Asked for the facts from where its last answer ended, costs what is new: some microseconds if nothing is. One study is followed by one caller;
    /// another one opens the file once more.
    /// </remarks>
    /// <param name="studyName">The study's name.</param>
    /// <param name="fromSequence">The number of the first fact that is wanted; there may be none yet.</param>
    /// <exception cref="JournalException">It is not in the file, or cannot be read.</exception>
    public ImmutableArray<StudyEvent> ReadFacts(string studyName, long fromSequence = 0)
    {
        ArgumentNullException.ThrowIfNull(studyName);
        // Taken out, so that of two callers at a time one does without.
        if (_bookmarks.TryRemove(studyName, out var bookmark) && bookmark.Position == fromSequence && bookmark.ReadTail() is { } news)
        {
            _bookmarks[studyName] = bookmark;
            return [.. news];
        }

        using var connection = StudyDatabase.OpenForReading(Path);
        var facts = FactReading.Read(connection, Path, studyName, fromSequence, ref bookmark);
        if (bookmark is not null) _bookmarks[studyName] = bookmark;
        if (facts.Count > 0 || fromSequence > 0) return [.. facts];
        var names = StudyDatabase.StudyNames(connection, Path);
        throw new JournalException($"The study '{studyName}' is not in '{Path}'; it has "
            + (names.IsEmpty ? "none yet." : $"{string.Join(", ", names.Select(name => $"'{name}'"))}."));
    }
}
