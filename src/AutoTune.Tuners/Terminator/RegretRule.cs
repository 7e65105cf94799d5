using System.Globalization;

namespace AutoTune.Tuners.Terminator;

/// <summary>Ends a study when the regret that may be left is below the noise of the best trial's value.</summary>
/// <param name="options">When.</param>
/// <param name="steps">What the study says of its steps, once it is open.</param>
/// <remarks>Its figures are a function of the finished trials; it counts them, and forgets all where another study is shown to it.</remarks>
internal sealed class RegretRule(TerminatorOptions options, Func<TrialSteps?> steps) : IStopRule
{
    private readonly Lock _lock = new();
    private readonly HashSet<TrialId> _told = [];
    private RegretModel? _model;
    private SearchSpace? _space;
    private (string Name, long Seed, DateTimeOffset Created) _study;
    private int _next;
    private string? _reason;
    private volatile string? _standing;

    public string? Standing => _standing;

    public bool NeedsResult => true;

    public string? ReasonToStop(StudyView study, TimeSpan elapsed)
    {
        lock (_lock)
        {
            if (_study != (study.Name, study.Seed, study.CreatedAt) || study.FinishedCount < _told.Count || !ReferenceEquals(_space, study.Space)) Begin(study);
            if (study.FinishedCount < _next || study.Best is not { } best) return _reason;
            // A tenth more before the next time: the whole costs no more than a few of its last turns.
            _next = study.FinishedCount + Math.Max(1, study.FinishedCount / 10);
            foreach (var trial in study.Trials)
            {
                if (trial.IsFinished && _told.Add(trial.Id)) _model!.Tell(trial);
            }

            _reason = null;
            if (_model!.Bound(new RandomSource(study.Seed).Fork("regret", study.FinishedCount)) is not { } bound) return _reason = AllAlike(study, best);
            var noise = options.Noise ?? NoiseOf(best) ?? bound.Noise;
            _standing = string.Create(CultureInfo.InvariantCulture, $"remaining regret at most {bound.Regret:G2}, noise {noise:G2}");
            if (bound.Regret < noise)
                _reason = string.Create(CultureInfo.InvariantCulture, $"what is left to gain is at most {bound.Regret:G2} of {study.Goal.Metric}, less than its noise of {noise:G2}");
            return _reason;
        }
    }

    /// <summary>Of losses that are all the same no model can be made, and nothing shows that there is a better one.</summary>
    private string? AllAlike(StudyView study, Trial best)
    {
        if (study.CompletedCount < options.MinTrials || !study.Trials.All(trial => trial.Loss is null || trial.Loss == best.Loss)) return null;
        return string.Create(CultureInfo.InvariantCulture,
            $"nothing is left to gain that the trials would show: all {study.CompletedCount} that completed have the same {study.Goal.Metric} of {study.Goal.Text(best.Loss!.Value)}");
    }

    /// <summary>The standard deviation of a trial's mean over its repeats; null where it did not report such.</summary>
    internal double? NoiseOf(Trial trial)
    {
        if (steps() is not { Kind: StepKind.Repeats } || trial.Reports.Count < 2) return null;
        // Value of the repeats from one report to the next: how the mean moved.
        double mean = 0, squares = 0, before = 0;
        int blocks = 0, last = 0;
        foreach (var report in trial.Reports)
        {
            var length = report.Step - last;
            var value = before + (report.Loss - before) * ((double)report.Step / length);
            var apart = value - mean;
            mean = report.Loss;
            squares += length * apart * (value - mean);
            (before, last) = (report.Loss, report.Step);
            blocks++;
        }

        var noise = Math.Sqrt(squares / (blocks - 1)) * Math.Sqrt(1.0 / last + (options.RepeatsAreFolds ? 1.0 / (last - 1) : 0));
        return noise > 0 && double.IsFinite(noise) ? noise : null;
    }

    private void Begin(StudyView study)
    {
        _study = (study.Name, study.Seed, study.CreatedAt);
        _space = study.Space;
        _told.Clear();
        _model = new RegretModel(study.Space, options.Deviations);
        (_next, _reason, _standing) = (options.MinTrials, null, null);
    }
}
