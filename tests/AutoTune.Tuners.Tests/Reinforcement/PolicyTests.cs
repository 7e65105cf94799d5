using AutoTune.Tuners.Reinforcement;
using AutoTune.Tuners.Tests.GaussianProcess;

namespace AutoTune.Tuners.Tests.Reinforcement;

[TestClass]
public sealed class PolicyTests
{
    [TestMethod]
    public void Walk_OverAnEpisode_GivesTheLikelihoodThatItWasDrawnWith()
    {
        var policy = ReinforcementFixtures.Policy(Fixtures.MixedSpace(), out var layout);
        foreach (var episode in policy.Episodes(layout, 40, new RandomSource(1)))
        {
            var sum = 0.0;
            policy.Walk(episode, (_, log, _) =>
            {
                sum += log;
                return (0, 0);
            }, 0, null);
            Assert.AreEqual(episode.LogLikelihood, sum, 1e-9);
        }
    }

    // The likelihoods of all configurations of a finite, conditional space, given the same situation, add up to one.
    [TestMethod]
    public void Likelihood_OfEveryConfiguration_AddsUpToOne()
    {
        var builder = new SearchSpaceBuilder();
        var kind = builder.AddCategorical<string>("kind", ["a", "b", "c"]);
        builder.AddInteger("size", 1, 5, Scale.Log, activeWhen: kind.Is("b"));
        builder.AddOrdered<int>("level", [1, 3, 9]);
        var space = builder.Build();
        var policy = ReinforcementFixtures.Policy(space, out var layout);
        var situation = policy.Episodes(layout, 12, new RandomSource(2))[^1].Situation;
        var seen = new HashSet<Configuration>();
        var total = 0.0;
        var random = new RandomSource(5);
        while (seen.Count < 21)
        {
            var configuration = space.Sample(random);
            if (!seen.Add(configuration)) continue;
            double[] unit = new double[3];
            var active = new bool[3];
            layout.Encode(configuration, unit, active);
            var sum = 0.0;
            policy.Walk(new Episode(situation, unit, active), (_, log, _) =>
            {
                sum += log;
                return (0, 0);
            }, 0, null);
            total += Math.Exp(sum);
        }

        Assert.AreEqual(1, total, 1e-9);
    }

    [TestMethod]
    public void Gradient_OfTheObjective_IsThatOfDifferences()
    {
        const double Step = 1e-5, Worth = 0.7;
        var policy = ReinforcementFixtures.Policy(Fixtures.MixedSpace(), out var layout);
        foreach (var episode in policy.Episodes(layout, 6, new RandomSource(4)))
        {
            var gradient = new double[policy.Weights.Length];
            policy.Walk(episode, (slot, _, value) => (1 + slot, 1.3 - value), Worth, gradient);
            var random = new RandomSource(9);
            for (var draw = 0; draw < 150; draw++)
            {
                var i = random.NextInt(gradient.Length);
                var before = policy.Weights[i];
                policy.Weights[i] = before + Step;
                var up = Objective(policy, episode, Worth);
                policy.Weights[i] = before - Step;
                var down = Objective(policy, episode, Worth);
                policy.Weights[i] = before;
                var expected = (up - down) / (2 * Step);
                Assert.AreEqual(expected, gradient[i], 1e-5 * (1 + Math.Abs(expected)), $"weight {i}");
            }
        }
    }

    [TestMethod]
    public void Improve_WhereOneActionIsRewarded_MakesItLikelierButNotBeyondTheClip()
    {
        var builder = new SearchSpaceBuilder();
        builder.AddCategorical<string>("choice", ["a", "b", "c", "d"]);
        var policy = ReinforcementFixtures.Policy(builder.Build(), out var layout);
        var situation = new StudyRecord(1, 50).Situation();
        var own = Enumerable.Range(0, 4).Select(value => new Episode(situation, [(value + 0.5) / 4], [true]) { Score = value == 2 ? 1 : 0, LogLikelihood = Math.Log(0.25) }).ToList();
        var training = new PolicyTraining(policy, 0.2, 0.02);
        training.Improve(own, [], [], 0.9, 10);
        var once = Math.Exp(LogLikelihood(policy, own[2]));
        Assert.IsTrue(once is > 0.27 and < 0.41, $"{once}"); // a fifth more, and what momentum adds after the clip
        for (var i = 0; i < 20; i++) training.Improve(own, [], [], 0.1, 10);
        Assert.IsGreaterThan(0.7, Math.Exp(LogLikelihood(policy, own[2])));
        Assert.AreEqual(4, layout[0].Encoded.Levels);
    }

    [TestMethod]
    public void Improve_TowardsASpreadPolicy_KeepsMoreEntropyThanTowardsANarrowOne()
    {
        Assert.IsGreaterThan(Entropy(0.2) + 0.1, Entropy(0.9));

        static double Entropy(double target)
        {
            var policy = ReinforcementFixtures.Policy(Fixtures.Cube(2), out _);
            var situation = new StudyRecord(2, 50).Situation();
            var random = new RandomSource(1);
            var training = new PolicyTraining(policy, 0.2, 0.02);
            for (var round = 0; round < 40; round++)
            {
                var own = new List<Episode>();
                for (var i = 0; i < 8; i++)
                {
                    double[] unit = new double[2];
                    var active = new bool[2];
                    var log = policy.Sample(situation, random, unit, active);
                    own.Add(new Episode(situation, unit, active) { LogLikelihood = log, Score = 1.5 - 4 * (Math.Abs(unit[0] - 0.3) + Math.Abs(unit[1] - 0.6)) });
                }

                training.Improve(own, [], [], target, 10);
            }

            return policy.Walk(new Episode(situation, [0.3, 0.6], [true, true]), (_, _, _) => (0, 0), 1, null);
        }
    }

    private static double LogLikelihood(Policy policy, Episode episode)
    {
        var sum = 0.0;
        policy.Walk(episode, (_, log, _) =>
        {
            sum += log;
            return (0, 0);
        }, 0, null);
        return sum;
    }

    // sum (1 + slot) log p - (1.3 - value)^2 / 2 + worth x entropy
    private static double Objective(Policy policy, Episode episode, double worth)
    {
        var sum = 0.0;
        var entropy = policy.Walk(episode, (slot, log, value) =>
        {
            sum += (1 + slot) * log - 0.5 * (1.3 - value) * (1.3 - value);
            return (0, 0);
        }, worth, null);
        return sum + worth * entropy;
    }
}
