using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.GaussianProcess;

[TestClass]
public sealed class EveryOptionTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly SearchSpace Space = Fixtures.MixedSpace();

    // Times, requirements, given noise and bent ranges all at once: the conformance kit's trials have none of these.
    [TestMethod]
    public void Ask_WithEveryOptionAfterReplay_ProposesTheSameToTheBit()
    {
        var tuner = Create();
        var told = new List<Trial>();
        var now = Start;
        for (var number = 0; number < 40; number++)
        {
            tuner.Ask(number, seed: 9); // another question first
            told.Add(Finished(number, tuner.Ask(number), now));
            now = told[^1].FinishedAt!.Value;
            tuner.Tell(told[^1]);
        }

        foreach (var count in new[] { 12, 25, 39 })
        {
            var replayed = Create();
            foreach (var trial in told.Take(count)) replayed.Tell(trial);
            Assert.AreEqual(told[count].Configuration, replayed.Ask(count));
        }

        Assert.IsTrue(told.Count(trial => trial.MeetsRequirements) > 10);
    }

    private static GaussianProcessTuner Create() => new(Space, new GaussianProcessOptions { CostAware = true, Noise = NoiseLevel.Of(0.01), WarpInputs = true },
        new RandomSource(0).Fork("tuner"), new StudyLimits(TimeSpan.FromHours(1), null));

    private static Trial Finished(int number, Configuration configuration, DateTimeOffset start)
    {
        var unit = new double[Space.Hyperparameters.Length];
        Space.Encoding.Encode(configuration, unit, new bool[unit.Length]);
        return Fixtures.Completed(number, configuration, GaussianProcessTunerTests.MixedLoss(configuration)) with
        {
            StartedAt = start, FinishedAt = start.AddSeconds(Math.Exp(3 * unit[0])), Violations = [0.3 - unit[0], 0.2 - unit[1]],
        };
    }
}
