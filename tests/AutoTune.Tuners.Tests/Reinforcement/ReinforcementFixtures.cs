using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Reinforcement;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.Reinforcement;

/// <summary>Tuners, earlier studies and loops that these tests share.</summary>
internal static class ReinforcementFixtures
{
    public static ITuner Tuner(SearchSpace space, long seed = 0, ReinforcementOptions? options = null)
        => new ReinforcementTuner(space, options ?? new(), new RandomSource(seed).Fork("tuner"), new StudyLimits(null, null));

    /// <summary>A study that searched at random.</summary>
    public static StudyView Earlier(SearchSpace space, Func<Configuration, double> loss, int trials, long seed)
    {
        using var study = new StudyBuilder("earlier").WithSearchSpace(space).WithSeed(seed).ForTrials(trials).UseRandom().Open();
        while (study.Ask() is { } trial) study.Tell(trial, loss(trial.Configuration));
        return study.View;
    }

    /// <summary>Asks with the notes and tells, in turn.</summary>
    public static List<Trial> Search(this ITuner tuner, Func<Configuration, double> loss, int trials, long seed = 0)
    {
        var told = new List<Trial>();
        for (var number = 0; number < trials; number++)
        {
            var proposal = (Proposal.Evaluate)tuner.Ask(GaussianProcess.Fixtures.Request(number, seed));
            var trial = GaussianProcess.Fixtures.Completed(number, proposal.Configuration, loss(proposal.Configuration));
            told.Add(proposal.Tags is { } tags ? trial with { Tags = tags } : trial);
            tuner.Tell(told[^1]);
        }

        return told;
    }

    /// <summary>The median over seeds of the best loss.</summary>
    public static double MedianBest(Func<long, ITuner> create, Func<Configuration, double> loss, int trials, int seeds)
        => Enumerable.Range(0, seeds).Select(seed => create(seed).Search(loss, trials, seed).Min(trial => trial.Loss!.Value)).Order().ElementAt(seeds / 2);

    public static double MedianBestAtRandom(SearchSpace space, Func<Configuration, double> loss, int trials, int seeds) => Enumerable.Range(0, seeds).Select(seed =>
    {
        var random = new RandomSource(seed);
        return Enumerable.Range(0, trials).Min(_ => loss(space.Sample(random)));
    }).Order().ElementAt(seeds / 2);

    public static Policy Policy(SearchSpace space, out SpaceLayout layout)
    {
        layout = new SpaceLayout(space);
        return new Policy(space, layout, new RandomSource(3));
    }

    /// <summary>Some episodes that the policy drew, after its weights were moved at random.</summary>
    public static List<Episode> Episodes(this Policy policy, SpaceLayout layout, int count, RandomSource random)
    {
        for (var i = 0; i < policy.Weights.Length; i++) policy.Weights[i] += 0.3 * random.NextGaussian();
        var record = new StudyRecord(layout.Count, 50);
        var episodes = new List<Episode>();
        for (var i = 0; i < count; i++)
        {
            double[] unit = new double[layout.Count];
            var active = new bool[layout.Count];
            var situation = record.Situation();
            var log = policy.Sample(situation, random, unit, active);
            var episode = new Episode(situation, unit, active) { LogLikelihood = log, Score = random.NextGaussian() };
            record.Add(new AutoTune.Tuners.Tpe.TrialRank(0, 0, 0, -episode.Score), episode);
            episodes.Add(episode);
        }

        return episodes;
    }
}
