namespace AutoTune.Tests;

[TestClass]
public sealed class TuneTests
{
    [TestMethod]
    public async Task MinimizeAsync_OfAParabola_ComesClose()
    {
        var result = await Tune.MinimizeAsync(trial => Math.Pow(trial.Real("x", -5, 5) - 2, 2), trials: 25);
        Assert.HasCount(25, result.View.Trials);
        Assert.IsLessThan(0.01, result.BestValue);
    }

    [TestMethod]
    public async Task MaximizeAsync_OfAHill_ComesClose()
    {
        var result = await Tune.MaximizeAsync(trial => -Math.Pow(trial.Real("x", -5, 5) - 2, 2), trials: 25);
        Assert.IsGreaterThan(-0.01, result.BestValue);
    }

    [TestMethod]
    public async Task MinimizeAsync_WithASeed_RepeatsItself()
    {
        var runs = new List<StudyResult>();
        foreach (var seed in new[] { 7, 7, 8 }) runs.Add(await Tune.MinimizeAsync(trial => trial.Real("x", 0, 1) * trial.Real("y", 0, 1), trials: 12, seed: seed));
        Assert.AreEqual(runs[0].BestValue, runs[1].BestValue);
        Assert.AreNotEqual(runs[0].View.Trials[3].Configuration, runs[2].View.Trials[3].Configuration);
    }

    [TestMethod]
    public async Task MaximizeAsync_Cancelled_GivesTheBestSoFar()
    {
        using var cancellation = new CancellationTokenSource();
        var result = await Tune.MaximizeAsync(async (trial, token) =>
        {
            var x = trial.Real("x", 0, 1);
            if (trial.Id.Number < 5) return x;
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
            return x;
        }, trials: 50, cancellationToken: cancellation.Token);
        Assert.AreEqual(5, result.View.CompletedCount);
        Assert.AreEqual("it was cancelled", result.StopReason);
    }

    [TestMethod]
    public async Task MinimizeAsync_OfAnAsynchronousFunction_Works()
    {
        var result = await Tune.MinimizeAsync((trial, _) => Task.FromResult((double)trial.Integer("n", 1, 9)), trials: 9);
        Assert.AreEqual(1, result.BestValue);
    }

    [TestMethod]
    public async Task MinimizeAsync_WithZeroTrials_SaysWhatIsWrong()
    {
        var error = await Assert.ThrowsExactlyAsync<StudyDefinitionException>(() => Tune.MinimizeAsync(trial => trial.Real("x", 0, 1), trials: 0));
        Assert.Contains("trials 0 must be at least 1", error.Message);
    }

    [TestMethod]
    public async Task Study_ByDefault_SearchesByBayesianOptimisation()
    {
        var result = await Tune.Study("default").ForTrials(3).RunAsync(trial => trial.Real("x", 0, 1));
        Assert.AreEqual("Gaussian process", result.View.Trials[^1].Origin);
    }
}
