using AutoTune.Scheduling;
using AutoTune.Testing;
using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Pb2;
using AutoTune.Tuners.PopulationTraining;
using AutoTune.Tuners.Tests.PopulationTraining;

namespace AutoTune.Tuners.Tests.Pb2;

[TestClass]
public sealed class Pb2Tests : IDisposable
{
    private readonly ToyTraining _toy = new();

    public static IEnumerable<object[]> Laws =>
        from size in new[] { 4, 8 }
        let scheduler = new Conformance(size)
        from law in scheduler.Laws()
        select new object[] { scheduler, law };

    [TestMethod]
    [DynamicData(nameof(Laws))]
    public Task Conformance_EachLaw_Holds(object scheduler, Law law)
    {
        Assert.IsNotNull(scheduler);
        return law.Check();
    }

    [TestMethod]
    public async Task UsePb2_OnARateWhoseBestValueFalls_BeatsTheBestConstantWithFourTrials()
    {
        var losses = new List<double>();
        for (var seed = 1; seed <= 5; seed++) losses.Add((await _toy.Study($"seed {seed}").WithSeed(seed).UsePb2(new Pb2Options { Size = 4 }).RunAsync(_toy.Train)).BestValue);
        Assert.IsLessThan(ToyTraining.BestConstant, losses.Order().ElementAt(2), string.Join(", ", losses));
    }

    [TestMethod]
    public async Task Decisions_WithAnyNumberOfSlotsAndAnySpeed_AreTheSame()
    {
        var expected = Essence((await _toy.Study("one slot").UsePb2().RunAsync(_toy.Train)).View);
        foreach (var slots in new[] { 3, 8 })
        {
            var study = _toy.Study($"{slots} slots").UsePb2()
                .UseVirtualTime(new VirtualTime(), slots, (configuration, step) => TimeSpan.FromSeconds(1 + Math.Round(50 * configuration.Get(_toy.Rate)) + step % 3));
            Assert.AreEqual(expected, Essence((await study.RunAsync(_toy.Train)).View), $"{slots} slots");
        }
    }

    [TestMethod]
    public void Explore_WhereOneEndOfTheRangeImprovesMost_GoesThere()
    {
        // Eight rounds of four trials: the loss falls by the rate, so a high one is best; the copied trial had a low one.
        var plan = new PopulationPlan(4, 100, 10, 0.25);
        var scheduler = new PopulationScheduler(plan, new BanditExploration(plan), new RandomSource(1));
        var builder = new SearchSpaceBuilder();
        var rate = builder.AddReal("rate", 0, 1);
        var facts = new Facts(builder.Build(), scheduler);
        double[] loss = [1, 1, 1, 1], rates = [0.05, 0.1, 0.15, 0.2];
        for (var trial = 0; trial < 4; trial++) facts.Start(trial, rates[trial], 10);
        var chosen = new List<double>();
        for (var round = 0; round < 8; round++)
        {
            for (var trial = 0; trial < 4; trial++)
            {
                loss[trial] -= rates[trial];
                facts.Pause(trial, 10 * (round + 1), loss[trial]);
            }

            for (var order = scheduler.NextWork(facts.View) as WorkOrder.ResumeTrial; order is not null; order = scheduler.NextWork(facts.View) as WorkOrder.ResumeTrial)
            {
                facts.Resume(order);
                if (order.From is not { } from) continue;
                loss[order.Trial.Number] = loss[from.Number];
                rates[order.Trial.Number] = order.Configuration!.Get(rate);
                chosen.Add(order.Configuration.Get(rate));
            }
        }

        Assert.IsGreaterThan(5, chosen.Count); // once the worst is no worse than the best, nothing is copied
        Assert.IsGreaterThan(0.9, chosen[^1], string.Join(", ", chosen));
    }

    [TestMethod]
    public void At_OfAConfidenceBound_GivesTheGradientOfItsValue()
    {
        var builder = new SearchSpaceBuilder();
        builder.AddReal("x", 0, 1);
        builder.AddReal("y", 0, 1);
        var layout = new SpaceLayout(builder.Build(), [0.3]);
        var random = new RandomSource(1);
        var observations = Enumerable.Range(0, 12).Select(i => new Observation(null!, [random.NextDouble(), random.NextDouble()], [true, true], 0, true, true, double.NaN) { Context = [i / 12.0] }).ToList();
        var targets = observations.Select(each => each.Unit[0] - each.Context[0]).ToArray();
        var surrogate = Surrogate.Of(new TrainingSet(layout, observations, targets), SurrogatePrior.For(3).Mode(layout.Weights), []);
        var bound = new ConfidenceBound(surrogate, 1.5);
        double[] features = [0.4, 0.7, 0.3], gradient = new double[3], value = [0], higher = [0];
        var at = bound.At(features, gradient);
        bound.AddTo(features, value);
        Assert.AreEqual(at, value[0], 1e-12);
        for (var c = 0; c < 3; c++)
        {
            var moved = (double[])features.Clone();
            moved[c] += 1e-6;
            higher[0] = 0;
            bound.AddTo(moved, higher);
            Assert.AreEqual((higher[0] - at) / 1e-6, gradient[c], 1e-4, $"column {c}");
        }
    }

    [TestMethod]
    public void Features_InAContext_EndWithItAndWithTheObservationsOwnInTraining()
    {
        var builder = new SearchSpaceBuilder();
        builder.AddReal("x", 0, 1);
        var layout = new SpaceLayout(builder.Build(), [0.25, 0.75]);
        Assert.AreEqual(3, layout.Columns);
        Assert.AreEqual(3, layout.Weights);
        var features = new double[3];
        layout.Features([0.5], [true], features);
        Assert.AreSequenceEqual([0.5, 0.25, 0.75], features);
        var set = new TrainingSet(layout, [new Observation(null!, [0.5], [true], 0, true, true, double.NaN) { Context = [0.1, 0.2] }], [0]);
        Assert.AreSequenceEqual([0.5, 0.1, 0.2], new[] { set.Column(0)[0], set.Column(1)[0], set.Column(2)[0] });
    }

    [TestMethod]
    public void Scores_OfRanks_AreNormalQuantiles()
    {
        // Quantiles at 1/8, 3/8, 5/8 and 7/8: SciPy's norm.ppf.
        var scores = Improvements.Scores([3, 1, 1e300, 2]);
        double[] expected = [0.3186393639643752, -1.1503493803760079, 1.1503493803760079, -0.3186393639643752];
        for (var i = 0; i < 4; i++) Assert.AreEqual(expected[i], scores[i], 1e-9);
        Assert.AreSequenceEqual([0.0, 0, 0], Improvements.Scores([5, 5, 5]));
    }

    [TestMethod]
    public void Width_OfFewAndMany_IsThatOfThePaper()
    {
        Assert.AreEqual(0, BanditExploration.Width(2));
        Assert.AreEqual(0.8589, BanditExploration.Width(100), 1e-4); // sqrt(0.2 ln 40)
    }

    [TestMethod]
    public void Validated_OptionsOutOfRange_SaysAll()
        => Assert.StartsWith("Pb2Options.Size is 1; it must be at least 2. Pb2Options.Interval is 0; it must be at least 1, or null for a tenth of the steps. "
            + "Pb2Options.QuantileFraction is 0; it must be above 0 and at most 0.5.",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _toy.Study().UsePb2(new Pb2Options { Size = 1, Interval = 0, QuantileFraction = 0 })).Message);

    [TestMethod]
    public void UsePb2_WithoutSteps_SaysSo()
        => Assert.StartsWith("UsePb2 needs to know how many steps a training has", Assert.ThrowsExactly<StudyDefinitionException>(() => new StudyBuilder("x").WithSearchSpace(_toy.Space).UsePb2().Open()).Problems[0]);

    public void Dispose() => _toy.Dispose();

    private static string Essence(StudyView view) => string.Join(Environment.NewLine, view.Trials.Select(trial => $"{trial.Loss:R} {trial.Schedule}"));

    private sealed class Conformance(int size) : SchedulerConformance
    {
        private readonly PopulationPlan _plan = new(size, 27, 4, 0.25);

        public override string ToString() => $"PB2 of {size}";

        protected override IScheduler Create(RandomSource random) => new PopulationScheduler(_plan, new BanditExploration(_plan), random);
    }
}
