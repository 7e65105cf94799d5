using AutoTune.Testing;
using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.GaussianProcess;

[TestClass]
public sealed class CostTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly SearchSpace Space = Fixtures.Cube(2);

    // Trials of 1 to 64 minutes by their units, which are best at 8 minutes: medians over seven seeds, in virtual time.
    [TestMethod]
    public async Task RunAsync_WithATimeLimitWhereTrialTimesDiffer_GetsFurtherThanWithoutCostAwareness()
    {
        var (aware, trials) = await Reach(new GaussianProcessOptions());
        var (unaware, fewer) = await Reach(new GaussianProcessOptions { CostAware = false });
        Assert.IsTrue(aware * 3 < unaware && trials > fewer, $"{aware} after {trials} trials; {unaware} after {fewer} by trials");

        static async Task<(double Regret, int Trials)> Reach(GaussianProcessOptions options)
        {
            var problem = TestProblems.Mixed;
            var reached = new List<(double Regret, int Trials)>();
            for (var seed = 0; seed < 7; seed++)
            {
                var result = await new StudyBuilder("timed").WithSearchSpace(problem.Space).Minimize("regret").WithSeed(seed).UseBayesian(options)
                    .UseVirtualTime(new VirtualTime(), cost: (configuration, _) => TimeSpan.FromMinutes((int)configuration.Values.First(value => value.Hyperparameter.Name == "units").Value / 8.0))
                    .ForAtMost(TimeSpan.FromHours(7)).RunAsync(trial => problem.Regret(trial.Configuration));
                reached.Add((result.BestValue, result.View.CompletedCount));
            }

            return (reached.Select(run => run.Regret).Order().ElementAt(3), reached.Sum(run => run.Trials));
        }
    }

    [TestMethod]
    public async Task RunAsync_LimitedByTrialsAlone_DoesNotLookAtTimes()
    {
        async Task<List<string>> Run(double spread)
        {
            var result = await new StudyBuilder("counted").WithSearchSpace(Space).Minimize("loss").UseBayesian().UseVirtualTime(new VirtualTime(),
                cost: (configuration, _) => TimeSpan.FromSeconds(1 + spread * Fixtures.Reals(configuration)[0])).ForTrials(20).RunAsync(trial => Fixtures.Reals(trial.Configuration).Sum());
            return [.. result.View.Trials.Select(trial => trial.Configuration.ToString())];
        }

        CollectionAssert.AreEqual(await Run(0), await Run(1000));
    }

    [TestMethod]
    public void Term_WhereTimesHardlyDifferOrNothingExplainsThem_IsNone()
    {
        var random = new RandomSource(6);
        Assert.IsNull(Model(null, 20, x => 10 + x[0]).Term(new TrialId(20)));
        Assert.IsNull(Model(null, 20, _ => Math.Exp(2 * random.NextGaussian())).Term(new TrialId(20)));
        Assert.IsNotNull(Model(null, 20, x => 1 + 20 * x[0]).Term(new TrialId(20)));
        Assert.IsNotNull(Model(true, 20, x => 10 + x[0]).Term(new TrialId(20)));
        Assert.IsNull(Model(false, 20, x => 1 + 20 * x[0]).Term(new TrialId(20)));
    }

    [TestMethod]
    public void Term_WithoutATimeLimit_IsNoneUnlessAskedFor()
    {
        Assert.IsNull(Model(null, 20, x => 1 + 20 * x[0], new StudyLimits(null, 60)).Term(new TrialId(20)));
        Assert.IsNotNull(Model(true, 20, x => 1 + 20 * x[0], default).Term(new TrialId(20)));
    }

    [TestMethod]
    public void Term_WhereTheTrialsEndBeforeTheTime_IsNone()
    {
        Assert.IsNull(Model(null, 20, x => 1 + 20 * x[0], new StudyLimits(TimeSpan.FromHours(1), 30)).Term(new TrialId(20)));
        Assert.IsNotNull(Model(null, 20, x => 1 + 20 * x[0], new StudyLimits(TimeSpan.FromHours(1), 3000)).Term(new TrialId(20)));
    }

    [TestMethod]
    public void Term_OfTheTime_IsItsLogarithmAndWhatDoesNotEndInTimeIsRuledOut()
    {
        var features = new double[] { 0.1, 0.5, 0.9, 0.5 };
        double[] values = [0, 0];
        Model(null, 40, x => Math.Exp(4 * x[0]), new StudyLimits(TimeSpan.FromDays(1), null)).Term(new TrialId(40))!.AddTo(features, values);
        Assert.AreEqual(3.2, values[0] - values[1], 0.2);

        // Forty trials took some 560 seconds; those at 0.9 take 37, of which 10 are left.
        var model = Model(null, 40, x => Math.Exp(4 * x[0]), default, out var spent);
        Assert.IsNull(model.Term(new TrialId(40)));
        values = [0, 0];
        Model(null, 40, x => Math.Exp(4 * x[0]), new StudyLimits(spent + TimeSpan.FromSeconds(10), null)).Term(new TrialId(40))!.AddTo(features, values);
        Assert.IsTrue(values[0] - values[1] > 8, $"{values[0] - values[1]}");
    }

    [TestMethod]
    public void Total_OfTrialsThatOverlapAndRest_CountsBusyTimeOnce()
    {
        var spent = new TimeSpent();
        foreach (var (from, to) in new[] { (0, 10), (20, 30), (5, 25), (100, 110), (105, 107) })
            spent.Add(Fixtures.Running(0, Space.Default) with { StartedAt = Start.AddSeconds(from), FinishedAt = Start.AddSeconds(to) });
        spent.Add(Fixtures.Running(0, Space.Default));
        Assert.AreEqual(40, spent.Total.TotalSeconds);
    }

    private static CostModel Model(bool? isAware, int trials, Func<double[], double> seconds, StudyLimits? limits = null)
        => Model(isAware, trials, seconds, limits ?? new StudyLimits(TimeSpan.FromHours(1), null), out _);

    private static CostModel Model(bool? isAware, int trials, Func<double[], double> seconds, StudyLimits limits, out TimeSpan spent)
    {
        var layout = new SpaceLayout(Space);
        var model = new CostModel(layout, limits, isAware);
        var random = new RandomSource(2);
        var now = Start;
        for (var number = 0; number < trials; number++)
        {
            var configuration = Space.Sample(random);
            var end = now.AddSeconds(seconds(Fixtures.Reals(configuration)));
            var trial = Fixtures.Completed(number, configuration, 0) with { StartedAt = now, FinishedAt = end };
            model.Add(trial, Observation.Of(trial, layout));
            now = end;
        }

        spent = now - Start;
        return model;
    }
}
