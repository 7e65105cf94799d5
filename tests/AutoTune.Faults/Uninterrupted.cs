using AutoTune.Journals;

namespace AutoTune.Faults;

/// <summary>Makes the journal of an interrupted study comparable with that of one that was not: without the attempts that a kill cut short.</summary>
internal static class Uninterrupted
{
    /// <summary>The facts as text, without times and numbers, without attempts that were found orphaned and what tells of them.</summary>
    public static List<string> Of(IEnumerable<StudyEvent> facts)
    {
        var kept = new List<StudyEvent>();
        foreach (var fact in facts)
        {
            switch (fact)
            {
                case TrialAttemptFailed { Error.Type: "orphaned" } orphaned:
                    // Back to where the attempt began; what it declared stays declared.
                    for (var i = kept.Count - 1; !Begins(kept[i], orphaned.Trial); i--)
                    {
                        if (kept[i] is TrialReported report && report.Report.Trial == orphaned.Trial) kept.RemoveAt(i);
                    }

                    break;
                case TrialRestarted:
                    break;
                default:
                    kept.Add(fact);
                    break;
            }
        }

        return [.. kept.Select(fact => EventWriter.Write(fact with { At = default, Sequence = 0 }))];
    }

    private static bool Begins(StudyEvent fact, TrialId trial)
        => fact is TrialStarted started && started.Trial == trial || fact is TrialResumed resumed && resumed.Trial == trial;
}
