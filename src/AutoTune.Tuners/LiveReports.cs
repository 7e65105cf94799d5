namespace AutoTune.Tuners;

/// <summary>The reports of the trials that have not ended, folded from the facts: for schedulers that look at more than the last one.</summary>
/// <remarks>Not thread-safe. What an attempt that failed or was interrupted had reported after the last pause is forgotten, as in the study's view.</remarks>
internal sealed class LiveReports
{
    private readonly Dictionary<TrialId, Reports> _trials = [];

    /// <summary>The reports of a trial that has not ended.</summary>
    public Reports Of(TrialId trial) => _trials[trial];

    /// <summary>Takes a fact.</summary>
    /// <returns>The reports of the trial that ended with it; null if none did.</returns>
    public Reports? Observe(StudyEvent studyEvent)
    {
        switch (studyEvent)
        {
            case TrialStarted started:
                _trials[started.Trial] = new Reports();
                break;
            case TrialReported reported:
                Of(reported.Report.Trial).Add(reported.Report.Step, reported.Report.Loss);
                break;
            case TrialPaused paused:
                Of(paused.Trial).PausedAt = paused.AtStep;
                break;
            case TrialAttemptFailed failed:
                Of(failed.Trial).Rewind();
                break;
            case TrialInterrupted interrupted:
                Of(interrupted.Trial).Rewind();
                break;
            case TrialFinished finished when _trials.Remove(finished.Trial, out var reports):
                return reports;
        }

        return null;
    }

    /// <summary>The reports of one trial: steps that grow, and the loss at each.</summary>
    public sealed class Reports
    {
        private readonly List<int> _steps = [];
        private readonly List<double> _losses = [];

        public int Count => _steps.Count;

        public ReadOnlySpan<int> Steps => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_steps);

        public ReadOnlySpan<double> Losses => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_losses);

        internal int PausedAt { get; set; }

        internal void Add(int step, double loss)
        {
            _steps.Add(step);
            _losses.Add(loss);
        }

        internal void Rewind()
        {
            var keep = _steps.Count;
            while (keep > 0 && _steps[keep - 1] > PausedAt) keep--;
            _steps.RemoveRange(keep, _steps.Count - keep);
            _losses.RemoveRange(keep, _losses.Count - keep);
        }
    }
}
