namespace AutoTune.Scheduling;

/// <summary>Stops a trial whose best loss so far is above a percentile of what the others' best was at the same step.</summary>
/// <remarks>
/// The best so far, as in Optuna, rather than Vizier's running mean (Golovin and others 2017): a bad beginning is forgiven. All others count that
/// came to the step, also those that are running or were stopped later: a parallel study need not wait for its first completions.
/// </remarks>
internal sealed class PercentileRule(double percentile, PercentileRuleOptions options) : ITrialRule
{
    private readonly Milestones _looks = new(
        step => step <= options.GraceSteps ? 0 : 1 + (step - options.GraceSteps - 1) / options.Interval, countsBest: true);

    public string? ReasonToStop(TrialReport report, StudyView study)
    {
        if (!_looks.IsReachedBy(report, out var look, out var own, out var all)) return null;
        var others = all.Count - 1;
        if (others < options.MinTrials) return null;
        var bound = Percentile(all, own);
        if (own.Loss <= bound) return null;
        var shown = study.Goal.Flip(bound);
        var what = percentile == 50 ? FormattableString.Invariant($"the median {shown:G4}") : FormattableString.Invariant($"percentile {percentile} ({shown:G4})");
        var step = options.GraceSteps + 1 + (look - 1) * options.Interval;
        return FormattableString.Invariant($"step {report.Step}: the best {study.Goal.Metric} so far, {study.Goal.Text(own.Loss)}, is {(study.Goal.IsMaximized ? "below" : "above")} {what} of {others} other trials at step {step}");
    }

    public void Observe(StudyEvent studyEvent) => _looks.Observe(studyEvent);

    // Interpolated between the two next ranks (Hyndman and Fan 1996, type 7), this trial left out.
    private double Percentile(RankedLosses all, RankedLoss own)
    {
        var ownRank = all.RankOf(own);
        var position = (all.Count - 2) * percentile / 100;
        var below = (int)position;
        var share = position - below;
        var low = Other(below);
        return share == 0 ? low : (1 - share) * low + share * Other(below + 1);

        double Other(int rank) => all[rank < ownRank ? rank : rank + 1].Loss;
    }
}
