using System.Globalization;
using System.Text;
using AutoTune.Scheduling;

namespace AutoTune.MLNet.Quality;

/// <summary>
/// How well a small share of the rows or trees ranks configurations: every trial goes through all rungs, and its values there are compared with its
/// value at the last. A schedule that halves trusts these ranks.
/// </summary>
internal sealed class GrowthRanks : IStudyObserver
{
    private static readonly int[] Rungs = [1, 3, 9];
    private readonly SortedDictionary<TrialId, DateTimeOffset> _begun = [];
    private readonly SortedDictionary<int, double> _seconds = [];

    /// <summary>Lets every trial go from rung to rung.</summary>
    public T Watch<T>(T study) where T : StudyBuilder => study.UseScheduler(_ => new AllRungs()).Observe(this);

    /// <inheritdoc/>
    public void OnEvent(StudyEvent e, StudyView study)
    {
        switch (e)
        {
            case TrialStarted started:
                _begun[started.Trial] = e.At;
                break;
            case TrialResumed resumed:
                _begun[resumed.Trial] = e.At;
                break;
            case TrialReported { Report: var report }:
                _seconds[report.Step] = _seconds.GetValueOrDefault(report.Step) + (e.At - _begun[report.Trial]).TotalSeconds;
                break;
        }
    }

    /// <summary>A line a rung: rank correlation with the whole, how the best third of it fares, what it costs.</summary>
    public string Of(StudyView view)
    {
        var text = new StringBuilder();
        var trials = view.Trials.Where(trial => trial.Reports.Count == Rungs.Length).ToList();
        var whole = trials.Select(trial => trial.Reports[^1].Loss).ToArray();
        for (var rung = 0; rung < Rungs.Length; rung++)
        {
            var losses = trials.Select(trial => trial.Reports[rung].Loss).ToArray();
            var kept = Enumerable.Range(0, losses.Length).OrderBy(i => losses[i]).Take((losses.Length + 2) / 3).Min(i => whole[i]);
            text.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"step {Rungs[rung]} of 9: rank correlation {Correlation(Ranks(losses), Ranks(whole)):F2}, best of its best third {kept / whole.Min() - 1:P1} above the best, costs {_seconds[Rungs[rung]] / _seconds[Rungs[^1]]:P0} of a whole trial"));
        }

        return text.ToString();
    }

    private static double[] Ranks(double[] values) => [.. values.Select(value => (double)values.Count(other => other < value))];

    private static double Correlation(double[] a, double[] b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        var product = a.Zip(b).Sum(pair => (pair.First - meanA) * (pair.Second - meanB));
        return product / Math.Sqrt(a.Sum(x => (x - meanA) * (x - meanA)) * b.Sum(x => (x - meanB) * (x - meanB)));
    }

    private sealed class AllRungs : IScheduler
    {
        public WorkOrder NextWork(StudyView study)
        {
            if (study.Paused.IsEmpty) return new WorkOrder.StartTrial(Rungs[0]);
            var next = study.Paused[0];
            return new WorkOrder.ResumeTrial(next, Rungs.First(rung => rung > study[next].PausedAtStep));
        }

        public Directive Judge(TrialReport report, StudyView study) => report.Step < Rungs[^1] ? Directive.Pause("the next rung is to follow") : Directive.Continue;

        public void Observe(StudyEvent studyEvent) { }
    }
}
