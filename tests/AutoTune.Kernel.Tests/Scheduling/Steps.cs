using AutoTune.Journals;
using AutoTune.Kernel.Tests.Studies;

namespace AutoTune.Kernel.Tests.Scheduling;

/// <summary>Sequences of reports by hand: a study that is asked and told.</summary>
internal static class Steps
{
    /// <summary>Asks for a trial, reports these values at steps 1, 2 and so on until told otherwise, and tells the last of them.</summary>
    /// <returns>The last answer.</returns>
    public static Directive Run(this Study study, params double[] values)
    {
        var trial = study.Ask()!;
        var directive = Directive.Continue;
        var step = trial.ResumeAfterStep;
        foreach (var value in values)
        {
            directive = trial.Report(++step, value);
            if (!directive.IsContinue) break;
        }

        study.Tell(trial, values[^1]);
        return directive;
    }

    /// <summary>The steps that were done of all trials, those that were done again included.</summary>
    public static int Done(IEnumerable<StudyEvent> facts) => facts.OfType<TrialReported>().Count();

    /// <summary>For how long slots were at work, in all.</summary>
    public static TimeSpan Busy(IEnumerable<StudyEvent> facts)
    {
        var busy = TimeSpan.Zero;
        var since = new SortedDictionary<TrialId, DateTimeOffset>();
        foreach (var fact in facts)
        {
            switch (fact)
            {
                case TrialStarted e: since[e.Trial] = e.At; break;
                case TrialResumed e: since[e.Trial] = e.At; break;
                case TrialRestarted e: since[e.Trial] = e.At; break;
                case TrialPaused e: busy += e.At - since[e.Trial]; break;
                case TrialFinished e: busy += e.At - since[e.Trial]; break;
                case TrialInterrupted e: busy += e.At - since[e.Trial]; break;
                case TrialAttemptFailed e: busy += e.At - since[e.Trial]; break;
            }
        }

        return busy;
    }

    public static StudyBuilder Study(IJournal? journal = null) => Toy.Study().UseJournal(_ => journal ?? new MemoryJournal());
}
