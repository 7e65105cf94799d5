using System.Collections.Immutable;
using AutoTune.Tuners.Tpe;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Bohb;

/// <summary>BOHB's search (Falkner and others 2018): a Parzen estimator at the largest budget that at least d + 2 trials have come to.</summary>
/// <param name="space">The space.</param>
/// <param name="budgets">The budgets, lowest first.</param>
/// <param name="options">How it searches.</param>
/// <param name="random">Randomness for the whole study.</param>
/// <remarks>
/// The density estimator is TPE's own: a question tells a fresh one what is known at that budget, finished, paused and running trials alike, as if
/// the losses there were their values, so that its state cannot depend on when it was asked. Failures count as the worst at every budget.
/// Building it takes some microseconds a trial and hyperparameter, little beside the training that follows. Not thread-safe.
/// </remarks>
internal sealed class BohbTuner(SearchSpace space, ImmutableArray<int> budgets, BohbOptions options, RandomSource random) : ITuner
{
    private const int FreshDraws = 1000;
    private readonly List<Trial> _told = [];
    private readonly int _dimensions = space.Encoding.Dimensions.Count(dimension => dimension.Levels != 1);

    public void Tell(Trial trial) => _told.Add(trial);

    public Proposal Ask(AskRequest request)
    {
        if (request.Random.NextDouble() < options.RandomShare) return AtRandom(request);
        for (var rung = budgets.Length - 1; rung >= 0; rung--)
        {
            var here = At(rung, request.Pending);
            if (here.Count >= _dimensions + 2) return Model(here).Ask(request with { Pending = [.. request.Pending.Where(trial => IsOut(trial, rung))] });
        }

        return AtRandom(request);
    }

    // A trial that others wait for there too: the estimator keeps away from it. One that was left behind at a lower budget says nothing here.
    private bool IsOut(Trial trial, int rung) => trial.State != TrialState.Paused && LossAt(trial, rung) is null;

    /// <summary>The trials with a loss at this budget, as if that were their value, by number.</summary>
    private List<Trial> At(int rung, ImmutableArray<Trial> pending)
    {
        var here = new List<Trial>();
        foreach (var trial in _told.Concat(pending))
        {
            if (LossAt(trial, rung) is { } loss) here.Add(trial with { State = TrialState.Completed, Outcome = new TrialOutcome.Completed(loss, ImmutableSortedDictionary<string, double>.Empty) });
        }

        here.Sort((one, other) => one.Id.CompareTo(other.Id));
        return here;
    }

    private TpeTuner Model(List<Trial> here)
    {
        var good = Math.Max(options.GoodShare, Math.Min(0.5, (_dimensions + 1.0) / here.Count));
        var model = new TpeTuner(space, new TpeOptions { InitialTrials = 1, Candidates = options.Candidates, GoodShare = good, MaxGood = here.Count }, random);
        foreach (var trial in here) model.Tell(trial);
        foreach (var trial in _told)
        {
            if (trial.State == TrialState.Failed) model.Tell(trial);
        }

        return model;
    }

    // The first report at or after the budget and before the next one; what a whole trial returned, where it did not report.
    private double? LossAt(Trial trial, int rung)
    {
        var next = rung + 1 < budgets.Length ? budgets[rung + 1] : int.MaxValue;
        double? loss = null;
        for (var i = trial.Reports.Count - 1; i >= 0 && trial.Reports[i].Step >= budgets[rung]; i--)
        {
            if (trial.Reports[i].Step < next) loss = trial.Reports[i].Loss;
        }

        var steps = trial.Budget ?? budgets[^1];
        return loss ?? (steps >= budgets[rung] && steps < next ? trial.Loss : null);
    }

    private Proposal.Evaluate AtRandom(AskRequest request)
    {
        var sample = space.Sample(request.Random);
        for (var draw = 0; draw < FreshDraws && request.Pending.Any(trial => trial.Configuration.Equals(sample)); draw++) sample = space.Sample(request.Random);
        return new Proposal.Evaluate(sample);
    }
}
