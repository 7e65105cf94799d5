using AutoTune.Tuning;

namespace AutoTune.MLNet.Quality;

/// <summary>
/// Studies over a pool of random configurations whose folds have all been evaluated, and whose models have been tested: what a way of ending trials would
/// have saved, and what it would have cost, without a fit.
/// </summary>
/// <remarks>Exact for random search, which learns nothing from what was stopped. A seed draws which of the pool's trials a study has, and in which order.</remarks>
internal static class Replay
{
    public static async Task<RunRecord> RunAsync(RunRecord pool, string way, int seed, int trials)
    {
        int[] order = [.. Enumerable.Range(0, pool.Reports.Length)];
        new RandomSource(seed).Shuffle(order.AsSpan());
        var space = new SearchSpaceBuilder();
        var row = space.AddInteger("row", 0, order.Length - 1);
        var study = new StudyBuilder(pool.Data).WithSearchSpace(space).Minimize("RMSE").WithRepeats(pool.Folds, canResume: true).WithSeed(seed)
            .ForTrials(trials).UseTuner("pool", (built, _) => new InOrder(built, order));
        var result = await Ways.Apply(way, study).RunAsync(trial =>
        {
            var reports = pool.Reports[trial.Configuration.Get(row)];
            for (var step = trial.ResumeAfterStep + 1; step <= Math.Min(reports.Length, trial.Budget ?? int.MaxValue); step++)
            {
                if (!trial.Report(step, reports[step - 1]).IsContinue) return reports[step - 1];
            }

            return reports[^1];
        });
        return pool with
        {
            Way = way, Tuner = "pool", Seed = seed, Trials = trials, Best = result.BestValue, Test = pool.Tests[result.BestConfiguration.Get(row)],
            Fits = result.View.Trials.Sum(trial => trial.Reports.Count), Stopped = result.View.StoppedCount, Reports = [], Tests = [],
        };
    }

    private sealed class InOrder(SearchSpace space, int[] order) : ITuner
    {
        public Proposal Ask(AskRequest request) => new Proposal.Evaluate(space.Configure(set => set.Set("row", order[request.Trial.Number])));

        public void Tell(Trial trial) { }
    }
}
