namespace AutoTune.Scheduling;

/// <summary>Pauses trials where their budget ends, or at the next rung where they have none; a whole trial is let finish.</summary>
internal static class PausingJudge
{
    /// <param name="report">The report.</param>
    /// <param name="study">The study.</param>
    /// <param name="ladder">The rungs.</param>
    /// <param name="waitsFor">What the trial will wait for, as a part of a sentence.</param>
    public static Directive Judge(TrialReport report, StudyView study, BudgetLadder ladder, string waitsFor)
    {
        if (report.Step >= ladder.Max) return Directive.Continue;
        var trial = study[report.Trial];
        var target = trial.Budget ?? ladder[Math.Min(ladder.RungAt(trial.PausedAtStep) + 1, ladder.Count - 1)];
        if (report.Step < target) return Directive.Continue;
        return Directive.Pause(FormattableString.Invariant($"step {report.Step}: {study.Goal.Metric} {study.Goal.Text(report.Loss)}; it waits {waitsFor}"));
    }
}
