namespace AutoTune.Progress;

/// <summary>What a progress display shows at a moment.</summary>
/// <param name="Study">The study.</param>
/// <param name="TrialLimit">After how many trials in all it ends; null: no such limit.</param>
/// <param name="TimeLimit">After what time this run ends; null: no such limit.</param>
/// <param name="Elapsed">The time since this run began.</param>
/// <param name="EndedBefore">How many trials had ended before this run.</param>
/// <param name="IsFinal">Whether the run has ended.</param>
internal sealed record ProgressFrame(StudyView Study, int? TrialLimit, TimeSpan? TimeLimit, TimeSpan Elapsed, int EndedBefore, bool IsFinal)
{
    /// <summary>What the study's stop rules say of its end; null: nothing.</summary>
    public string? Standing { get; init; }

    /// <summary>How many trials have ended, or were paused: of those a scheduler resumes but the best.</summary>
    public int Ended => EndedIn(Study);

    /// <inheritdoc cref="Ended"/>
    public static int EndedIn(StudyView study) => study.FinishedCount + study.Paused.Count;

    /// <summary>How far the study is towards the limit that it will reach first, from 0 to 1; null: there is none.</summary>
    public double? Done => (Ended / (double?)TrialLimit, Elapsed / TimeLimit) switch
    {
        ({ } trials, { } time) => Math.Min(1, Math.Max(trials, time)),
        ({ } trials, null) => Math.Min(1, trials),
        (null, { } time) => Math.Min(1, time),
        _ => null,
    };

    /// <summary>The time until the first limit, if trials go on as in this run; null while nothing is known.</summary>
    public TimeSpan? Left
    {
        get
        {
            var finished = Ended - EndedBefore;
            var byTrials = TrialLimit is { } limit && finished > 0 ? Elapsed / finished * Math.Max(0, limit - Ended) : (TimeSpan?)null;
            var byTime = TimeLimit - Elapsed;
            if (byTime < TimeSpan.Zero) byTime = TimeSpan.Zero;
            return byTrials is null || byTime < byTrials ? byTime : byTrials;
        }
    }
}
