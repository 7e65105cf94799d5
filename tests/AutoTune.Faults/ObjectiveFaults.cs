namespace AutoTune.Faults;

/// <summary>Objectives that misbehave.</summary>
internal sealed class ObjectiveFaults(string folder)
{
    /// <summary>After some attempts the trial must count as failed, and the study go on.</summary>
    public FaultRow EndsTheProcess(Behaviour behaviour)
    {
        const int Trials = 6;
        var series = new Series(folder, new ChildTask($"{behaviour}.db", behaviour, Trials));
        while (series.Run().Ended is null && series.Deaths < 20) { }
        var view = series.View;
        var hasEnded = view is { CompletedCount: Trials - 1, FailedCount: 1 } && view.Trials[Child.FatalTrial].State == TrialState.Failed;
        return new FaultRow(series.Deaths, 1, series.Lost, series.Doubled, hasEnded, hasEnded ? $"the trial failed after {series.Deaths} attempts, the study went on to its end" : $"FAILED: {view.FailedCount} failed");
    }

    /// <summary>The trial must count as failed after at most so many attempts, and the study go on, in one run.</summary>
    public FaultRow EndsItsWorker(Behaviour behaviour, int attempts)
    {
        const int Trials = 6;
        var series = new Series(folder, new ChildTask($"{behaviour}.db", behaviour, Trials, Slots: 2));
        var attempt = series.Run();
        var view = series.View;
        var fatal = view.Trials.ElementAtOrDefault(Child.FatalTrial);
        var hasEnded = attempt.Ended is not null && view is { CompletedCount: Trials - 1, FailedCount: 1 } && fatal?.FailedAttempts.Count < attempts;
        var error = (fatal?.Outcome as TrialOutcome.Failed)?.Error.Message.Split('\n')[0];
        return new FaultRow((fatal?.FailedAttempts.Count ?? 0) + 1, 1, series.Lost, series.Doubled, hasEnded, hasEnded ? $"the trial failed, the study went on: {error}" : $"FAILED: {attempt.Ended}; {fatal?.State}, {fatal?.FailedAttempts.Count} attempts failed before");
    }

    /// <summary>The trials concerned must count as failed, each once.</summary>
    public FaultRow Fails(Behaviour behaviour, int trials)
    {
        var series = new Series(folder, new ChildTask($"{behaviour}.db", behaviour, trials));
        var attempt = series.Run();
        var view = series.View;
        var failed = (trials + 2) / 3;
        var hasEnded = attempt.Ended is not null && view.FailedCount == failed && view.CompletedCount == trials - failed
            && view.Trials.All(trial => trial.State == (trial.Id.Number % 3 == 0 ? TrialState.Failed : TrialState.Completed));
        return new FaultRow(view.FailedCount, 1, series.Lost, series.Doubled, hasEnded, hasEnded ? $"{failed} failed, {trials - failed} completed, study ended" : "FAILED");
    }

    /// <summary>Every report must be kept.</summary>
    public FaultRow Floods(int trials)
    {
        var series = new Series(folder, new ChildTask("floods.db", Behaviour.Floods, trials));
        var attempt = series.Run();
        var hasEnded = attempt.Ended is not null && series.View.Trials.All(trial => trial.Reports.Count == 100_000);
        return new FaultRow(trials, 1, series.Lost, series.Doubled, hasEnded, hasEnded ? "all reports kept, study ended" : "FAILED");
    }
}
