using AutoTune.Quality.Simulating;

namespace AutoTune.Quality.Tests;

[TestClass]
public sealed class SimulationTests
{
    [TestMethod]
    public async Task ExecuteAsync_NoScheduler_SpendsTheBudgetToTheStep()
    {
        var record = await Run(new Example(), "random+none", slots: 1, budget: 5);
        Assert.AreEqual((20.0, 5, 5, 0), (record.Spent, record.Trials, record.Finished, record.Stopped));
        Assert.AreEqual((5.0, 1.0, ""), (record.Hours, record.Busy, record.Stop));
        Assert.AreSequenceEqual([5, 5, 5, 5], record.Reports);
    }

    [TestMethod]
    public async Task ExecuteAsync_SeveralSlots_StopAmidTheirTrials()
    {
        var record = await Run(new Example(), "random+none", slots: 3, budget: 5);
        // Three at a time: at 1 hour 12 steps are spent, at 1.5 hours 18, then two more reports of the next step.
        Assert.AreEqual((20.0, 6, 3), (record.Spent, record.Trials, record.Finished));
        Assert.AreSequenceEqual([6, 6, 5, 3], record.Reports);
        Assert.AreEqual(1.75, record.Hours, 1e-9);
        Assert.AreEqual(1, record.Busy, 1e-9);
    }

    [TestMethod]
    public async Task ExecuteAsync_CrossingCurves_JudgesByBothRules()
    {
        var example = new Example();
        var record = await Run(example, "random+none", slots: 1, budget: 8);
        double[] xs = [.. example.Evaluated.Select(point => point.X).Distinct()];
        Assert.HasCount(8, xs);

        var (incumbents, completed) = (new List<(double, double)>(), new List<(double, double)>());
        var (least, leastFull) = (double.PositiveInfinity, double.PositiveInfinity);
        for (var trial = 0; trial < xs.Length; trial++)
        {
            var full = Example.Loss(xs[trial], 4);
            for (var step = 1; step <= 4; step++)
            {
                if (Example.Loss(xs[trial], step) >= least) continue;
                least = Example.Loss(xs[trial], step);
                if (incumbents.Count == 0 || incumbents[^1].Item2 != full) incumbents.Add((4 * trial + step, full));
            }

            if (full >= leastFull) continue;
            leastFull = full;
            completed.Add((4 * trial + 4, full));
        }

        Assert.AreSequenceEqual(incumbents, record.Incumbents.Select(change => (change.Steps, change.Loss)));
        Assert.AreSequenceEqual(completed, record.Completed.Select(change => (change.Steps, change.Loss)));
        foreach (var change in record.Completed) Assert.AreEqual(change.Steps / 4, change.Hours, 1e-9);
    }

    [TestMethod]
    public async Task ExecuteAsync_SharesOfTheData_PayEachTrainingWhole()
    {
        var record = await Run(new Example(), "random+asha-promotion", slots: 1, budget: 10, Example.Shares);
        Assert.AreEqual(27, record.Full);
        Assert.IsLessThanOrEqualTo(270 + 1e-6, record.Spent);
        Assert.IsGreaterThan(270 - 27.0, record.Spent);
        double[] costs = [1.35, 3, 9, 27];
        int[] steps = [1, 3, 9, 27];
        Assert.AreEqual(record.Spent, steps.Zip(costs, (step, cost) => record.Reports[step - 1] * cost).Sum(), 1e-6);
        Assert.AreEqual(record.Reports.Sum(), steps.Sum(step => record.Reports[step - 1]));
        Assert.AreEqual(record.Reports[0], record.Trials);
        Assert.AreEqual((record.Reports[26], 0), (record.Finished, record.FinishedEarly));
    }

    [TestMethod]
    public async Task ExecuteAsync_UnevenTimes_AverageOneAndStayTheSame()
    {
        var record = await Run(new Example(), "random+none", slots: 1, budget: 400, uneven: 0.5);
        Assert.AreEqual(400, record.Hours, 40); // five standard errors would be 53
        Assert.AreNotEqual(400, record.Hours, 1e-3);
        Assert.AreEqual(record.Hours, (await Run(new Example(), "random+none", slots: 1, budget: 400, uneven: 0.5)).Hours);
        Assert.AreEqual(1, record.Busy, 1e-9);
    }

    [TestMethod]
    public async Task ToLine_AndBack_IsTheSame()
    {
        var record = await Run(new Example(), "tpe+median", slots: 2, budget: 30);
        var read = SimulationRecord.Parse(record.ToLine())!;
        Assert.AreEqual(record.ToLine(), read.ToLine());
        Assert.AreEqual(("autotune-tpe+median", "example", 3, 2, 4), (read.Peer, read.Problem, read.Seed, read.Slots, read.Full));
        Assert.HasCount(record.Incumbents.Length, read.Incumbents);
    }

    [TestMethod]
    public void Parse_APeersLine_HasNoCompletedTrials()
    {
        var read = SimulationRecord.Parse("""{"peer":"optuna-tpe+none","problem":"p","seed":1,"epochs":[1,54],"loss":[3.5,2],"budget":5200}""")!;
        Assert.AreSequenceEqual([(1.0, 3.5), (54.0, 2.0)], read.Incumbents.Select(change => (change.Steps, change.Loss)));
        Assert.IsTrue(read.Completed.IsDefault);
        Assert.IsNull(SimulationRecord.Parse("""{"peer":"random","problem":"p","seed":1,"best":[1,2],"sec":0}"""));
    }

    private static Task<SimulationRecord> Run(Example example, string method, int slots, int budget, Problems.Fidelity? fidelity = null, double uneven = 0)
    {
        var arena = example.Arena(fidelity ?? Example.FourEpochs);
        return new SimulationRun(Method.Parse(method), arena, Ladder.Of(arena.Problem)!, Seed: 3, slots, budget, uneven).ExecuteAsync();
    }
}
