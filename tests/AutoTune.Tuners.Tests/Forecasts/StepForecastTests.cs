using System.Collections.Immutable;
using AutoTune.Tuners.Forecasts;

namespace AutoTune.Tuners.Tests.Forecasts;

[TestClass]
public sealed class StepForecastTests
{
    [TestMethod]
    public void Of_NobodyBeyondTheFirstStep_IsNull()
    {
        Assert.IsNull(StepForecast.Of([]));
        Assert.IsNull(StepForecast.Of([[], Curve(1)]));
        Assert.IsNull(StepForecast.Of([Curve(1), Curve(2)]));
    }

    [TestMethod]
    public void Forecast_CurvesOfOneShape_AddsWhatIsLeftOfIt()
    {
        // Loss a + 1 / step: from step s to step 9 it falls by 1 / s - 1 / 9, whatever a.
        var forecast = StepForecast.Of([.. Enumerable.Range(0, 20).Select(a => Curve([.. Enumerable.Range(1, 9).Select(step => a + 1.0 / step)]))])!;
        Assert.AreEqual(9, forecast.Last);
        foreach (var step in new[] { 1, 2, 4, 6 }) // steps of the grid
        {
            var (loss, _) = forecast.Forecast(step, 5 + 1.0 / step);
            Assert.AreEqual(5 + 1.0 / 9, loss, 1e-12, $"step {step}");
        }

        Assert.AreEqual((3.0, 0.0), forecast.Forecast(9, 3));
        Assert.AreEqual((3.0, 0.0), forecast.Forecast(12, 3));
    }

    [TestMethod]
    public void Forecast_MeansOverFoldsOfUnequalDifficulty_TakesTheFoldsOut()
    {
        // Folds that are harder and easier by turns, alike for all trials: after each of them it is known what the others add.
        double[] folds = [3, -1, 2, 5, -9];
        var means = folds.Select((_, i) => folds.Take(i + 1).Average()).ToArray();
        var forecast = StepForecast.Of([.. Enumerable.Range(0, 20).Select(a => Curve([.. means.Select(mean => a + mean)]))])!;
        for (var step = 1; step <= 4; step++) Assert.AreEqual(7, forecast.Forecast(step, 7 + means[step - 1]).Loss, 1e-12, $"step {step}");
    }

    [TestMethod]
    public void Forecast_BetweenTheStepsOfTheGrid_LiesBetween()
    {
        var forecast = StepForecast.Of([.. Enumerable.Range(0, 20).Select(a => Curve([.. Enumerable.Range(1, 27).Select(step => a + 10.0 / step)]))])!;
        var shifts = Enumerable.Range(1, 27).Select(step => forecast.Forecast(step, 0)).ToList();
        for (var i = 1; i < shifts.Count; i++)
        {
            Assert.IsGreaterThanOrEqualTo(shifts[i - 1].Loss, shifts[i].Loss);
            Assert.IsLessThanOrEqualTo(shifts[i - 1].Deviation, shifts[i].Deviation);
        }
    }

    [TestMethod]
    public void Forecast_NoTrialSawAllSteps_ChainsWhatEachSaw()
    {
        // The first ten saw steps 1 and 2 (a fall of 4), the others steps 2 and 3 (a fall of 1).
        var early = Enumerable.Range(0, 10).Select(a => Curve(10 + a, 6 + a));
        var late = Enumerable.Range(0, 10).Select(a => Curve((2, 6.0 + a), (3, 5.0 + a)));
        var (loss, deviation) = StepForecast.Of([.. early, .. late])!.Forecast(1, 10);
        Assert.AreEqual(5, loss, 1e-12);
        Assert.IsGreaterThan(0, deviation);
    }

    [TestMethod]
    public void Forecast_TrialsThatMoveDifferently_KnowsLessTheEarlier()
    {
        // Independent increments of deviation 1 from step to step: over k of them the deviation is sqrt k.
        var random = new RandomSource(5);
        var curves = Enumerable.Range(0, 400).Select(_ =>
        {
            var loss = 0.0;
            return Curve([.. Enumerable.Range(1, 4).Select(_ => loss += random.NextGaussian())]);
        });
        var forecast = StepForecast.Of([.. curves])!;
        Assert.AreEqual(Math.Sqrt(3), forecast.Forecast(1, 0).Deviation, 0.2);
        Assert.AreEqual(1, forecast.Forecast(3, 0).Deviation, 0.15);
    }

    [TestMethod]
    public void Forecast_EverySecondStepIsReported_StillMovesToTheLast()
    {
        var curves = Enumerable.Range(0, 10).Select(a => Curve([.. Enumerable.Range(1, 8).Select(i => (2 * i, a - 0.5 * i))]));
        Assert.AreEqual(-3.5, StepForecast.Of([.. curves])!.Forecast(6, -1).Loss, 1e-12);
    }

    [TestMethod]
    public void Forecast_AFewTrialsDiverge_FollowsTheGoodOnes()
    {
        var good = Enumerable.Range(0, 10).Select(a => Curve(1 + 0.1 * a, 0.5 + 0.1 * a));
        var diverging = Enumerable.Range(0, 5).Select(a => Curve(5 + a, 1e6));
        Assert.AreEqual(0.5, StepForecast.Of([.. good, .. diverging])!.Forecast(1, 1).Loss, 1e-12);
    }

    [TestMethod]
    [DataRow(1e-300)]
    [DataRow(1e300)]
    [DataRow(-1e300)]
    public void Forecast_LossesOfAnyScale_IsNoNaN(double scale)
    {
        var random = new RandomSource(1);
        var curves = Enumerable.Range(0, 30).Select(_ => Curve([.. Enumerable.Range(1, 9).Select(step => scale * (random.NextDouble() + 1.0 / step))]));
        var (loss, deviation) = StepForecast.Of([.. curves])!.Forecast(2, scale);
        Assert.IsTrue(double.IsFinite(loss));
        Assert.IsFalse(double.IsNaN(deviation));
    }

    private static ImmutableList<TrialReport> Curve(params double[] losses) => [.. losses.Select((loss, i) => new TrialReport(default, i + 1, loss))];

    private static ImmutableList<TrialReport> Curve(params (int Step, double Loss)[] reports) => [.. reports.Select(report => new TrialReport(default, report.Step, report.Loss))];
}
