using System.Collections.Immutable;
using AutoTune.Tuners.Forecasts;
using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Tests.GaussianProcess;

namespace AutoTune.Tuners.Tests.Forecasts;

[TestClass]
public sealed class RepeatForecastTests
{
    private static readonly double[] Folds = [3, -1, 2, 5, -9]; // how much harder each is; they add up to nothing
    private static readonly TrialSteps Repeats = new(5, StepKind.Repeats);

    [TestMethod]
    public void Forecast_FoldsOfUnequalDifficulty_TakesTheFoldsOut()
    {
        var forecast = RepeatForecast.Of([Means(1), Means(4)], 5);
        for (var k = 1; k <= 4; k++)
        {
            var (loss, deviation) = forecast.Forecast(k, Means(7)[k - 1].Loss)!.Value;
            Assert.AreEqual(7, loss, 1e-12, $"{k} folds");
            Assert.AreEqual(0.2 * 6 * Math.Sqrt((1.0 / k - 0.2) * 1.5), deviation, 1e-12, "no trial differs in a fold, but it lags by 6");
            Assert.AreEqual(0, forecast.Forecast(k, Means(1)[k - 1].Loss)!.Value.Deviation, 1e-9, $"{k} folds of the best");
        }

        Assert.AreEqual((3.0, 0.0), forecast.Forecast(5, 3));
    }

    [TestMethod]
    public void Forecast_TrialsThatDifferInEachFold_IsAsWrongAsItSays()
    {
        // Expected to be right within one deviation in 68 of 100 trials, whatever the number of folds: eight trials to learn from, 400 to check.
        var random = new RandomSource(3);
        var inside = new int[5];
        for (var study = 0; study < 400; study++)
        {
            var forecast = RepeatForecast.Of(Enumerable.Range(0, 8).Select(_ => Means(5 + 10 * random.NextDouble(), random.NextGaussian)), 5);
            var trial = Means(5, random.NextGaussian);
            for (var k = 1; k <= 4; k++)
            {
                var (loss, deviation) = forecast.Forecast(k, trial[k - 1].Loss)!.Value;
                if (Math.Abs(loss - trial[4].Loss) < deviation) inside[k]++;
            }
        }

        for (var k = 1; k <= 4; k++) Assert.AreEqual(0.67, inside[k] / 400.0, 0.07, $"{k} folds");
    }

    [TestMethod]
    public void Forecast_LuckyStartsWentOn_SeesNoRise()
    {
        // Only trials with a good first fold were not stopped: chance turns against them in the others, and against nobody else.
        var random = new RandomSource(8);
        var whole = new List<ImmutableList<TrialReport>>();
        while (whole.Count < 4000)
        {
            var trial = Means(0, random.NextGaussian);
            if (trial[0].Loss < Folds[0] || whole.Count < 8) whole.Add(trial);
        }

        var mean = Enumerable.Range(0, 500).Average(study => RepeatForecast.Of(whole.Skip(8 * study).Take(8), 5).Forecast(4, Folds.Take(4).Average())!.Value.Loss);
        Assert.AreEqual(0, mean, 0.05);
    }

    [TestMethod]
    public void Forecast_TooLittleIsKnown_IsNull()
    {
        Assert.IsNull(RepeatForecast.Of([], 5).Forecast(2, 1));
        Assert.IsNull(RepeatForecast.Of([Means(1)], 5).Forecast(2, 1), "one trial");
        Assert.IsNull(RepeatForecast.Of([Means(1), Means(1)], 5).Forecast(2, 1), "the same configuration twice");
        Assert.IsNull(RepeatForecast.Of([Means(1), Means(2).GetRange(0, 4)], 5).Forecast(2, 1), "one was stopped");
        Assert.IsNull(RepeatForecast.Of([Means(1).RemoveAt(1), Means(2).RemoveAt(1)], 5).Forecast(2, 1), "nobody reported the second fold");
    }

    [TestMethod]
    [DataRow(1e-300)]
    [DataRow(1e300)]
    public void Forecast_LossesOfAnyScale_IsNoNaN(double scale)
    {
        var random = new RandomSource(1);
        var forecast = RepeatForecast.Of(Enumerable.Range(0, 9).Select(_ => Means(1, () => random.NextGaussian()).ConvertAll(report => report with { Loss = scale * report.Loss })), 5);
        Assert.IsFalse(double.IsNaN(forecast.Forecast(2, scale)!.Value.Deviation));
    }

    [TestMethod]
    public void AtTheLastStep_StoppedFolds_AreChance_EpochsDrift()
    {
        List<Observation> trials = [Of(Means(1)), Of(Means(4)), Of(Means(6)), Of(Means(7).GetRange(0, 2))];
        Assert.AreEqual(7, PartialTrials.AtTheLastStep(trials, Repeats)[3].Loss, 1e-12);
        Assert.AreEqual(0, PartialTrials.AtTheLastStep(trials, Repeats)[3].Drift);
        Assert.IsGreaterThan(0, PartialTrials.AtTheLastStep(trials, new TrialSteps(5, StepKind.Epochs))[3].Drift);
        Assert.IsGreaterThan(0, PartialTrials.AtTheLastStep(trials, null)[3].Drift);
        Assert.AreSame(trials[0], PartialTrials.AtTheLastStep(trials, Repeats)[0]);

        var random = new RandomSource(2);
        trials = [.. Enumerable.Range(0, 5).Select(i => Of(Means(i, random.NextGaussian))), Of(Means(7).GetRange(0, 2))];
        Assert.IsGreaterThan(0, PartialTrials.AtTheLastStep(trials, Repeats)[5].Chance);
        Assert.AreEqual(0, PartialTrials.AtTheLastStep(trials, new TrialSteps(5, StepKind.Epochs))[5].Chance);
    }

    /// <summary>The means after each fold of a trial whose values are its loss, the fold's difficulty, and chance.</summary>
    private static ImmutableList<TrialReport> Means(double loss, Func<double>? chance = null)
    {
        var sum = 0.0;
        return [.. Folds.Select((fold, i) => new TrialReport(default, i + 1, (sum += loss + fold + (chance?.Invoke() ?? 0)) / (i + 1)))];
    }

    private static Observation Of(ImmutableList<TrialReport> reports)
        => new(Fixtures.Cube(2).Default, [0, 0], [true, true], reports[^1].Loss, reports.Count == 5, true, double.NaN) { Reports = reports };
}
