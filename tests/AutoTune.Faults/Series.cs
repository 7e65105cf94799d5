using AutoTune.Journals;

namespace AutoTune.Faults;

/// <summary>One study, run again and again until it ends, and looked at after each run.</summary>
internal sealed class Series(string folder, ChildTask task)
{
    private List<string> _facts = [];

    /// <summary>How often its process was killed or ended itself.</summary>
    public int Deaths { get; private set; }

    /// <summary>Finished trials, or other facts, that were there and no longer are.</summary>
    public int Lost { get; private set; }

    /// <summary>Trials that ended more than once.</summary>
    public int Doubled { get; private set; }

    /// <summary>The study as it stands.</summary>
    public StudyView View => StudyFile.Open(Path).Read(Child.Study);

    private string Path => System.IO.Path.Combine(folder, task.File);

    /// <summary>Runs it once and looks at the file.</summary>
    public Attempt Run(TimeSpan? killAfter = null, int? largestFile = null, Action<System.Diagnostics.Process>? meanwhile = null, TimeSpan? longest = null)
    {
        var attempt = Attempt.Run(task with { File = Path }, killAfter, largestFile, meanwhile, longest);
        if (attempt.Ended is null) Deaths++;
        Look(attempt);
        return attempt;
    }

    /// <summary>Looks whether what was there, and what the child told of, is there.</summary>
    private void Look(Attempt attempt)
    {
        var facts = Read();
        Lost += Enumerable.Range(0, _facts.Count).Count(i => i >= facts.Count || facts[i] != _facts[i]);
        Lost += attempt.Finished.Count(fact => fact >= facts.Count || !facts[(int)fact].Contains("trial-finished", StringComparison.Ordinal));
        Doubled += facts.Where(fact => fact.Contains("\"trial-finished\"", StringComparison.Ordinal))
            .GroupBy(fact => fact.Split("\"trial\":")[1].Split(',', '}')[0], StringComparer.Ordinal).Count(group => group.Count() > 1);
        _facts = facts;
    }

    private List<string> Read()
    {
        try
        {
            var file = StudyFile.Open(Path);
            return file.StudyNames.IsEmpty ? [] : [.. file.ReadFacts(Child.Study).Select(fact => EventWriter.Write(fact with { At = default }))];
        }
        catch (JournalException) when (_facts.Count == 0)
        {
            return []; // killed before the file was one
        }
    }
}
