using AutoTune.Scheduling;
using AutoTune.Testing;
using AutoTune.Tuners.PopulationTraining;

namespace AutoTune.Tuners.Tests.PopulationTraining;

[TestClass]
public sealed class PopulationTests : IDisposable
{
    private readonly ToyTraining _toy = new();

    public static IEnumerable<object[]> Laws =>
        from size in new[] { 4, 10 }
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
    public async Task UsePopulation_OnARateWhoseBestValueFalls_BeatsTheBestConstant()
    {
        var losses = new List<double>();
        for (var seed = 1; seed <= 5; seed++) losses.Add((await _toy.Study($"seed {seed}").WithSeed(seed).UsePopulation().RunAsync(_toy.Train)).BestValue);
        Assert.IsLessThan(0.8 * ToyTraining.BestConstant, losses.Max(), string.Join(", ", losses));
    }

    [TestMethod]
    public async Task Schedule_OfTheBest_ReplaysToExactlyTheSameLoss()
    {
        var best = (await _toy.Study("recorded").UsePopulation().RunAsync(_toy.Train)).Best;
        Assert.IsGreaterThan(2, best.Schedule.Segments.Length);
        Assert.IsGreaterThan(1, best.Schedule.Segments.Select(segment => segment.Trial).Distinct().Count(), best.Schedule.ToString());
        Assert.AreEqual(best.Loss, (await _toy.Study("replayed").UseSchedule(best.Schedule).RunAsync(_toy.Train)).Best.Loss);
        Assert.AreEqual(best.Loss, ToyTraining.Whole(step => best.Schedule.At(step).Get(_toy.Rate)));
    }

    [TestMethod]
    public async Task Decisions_WithAnyNumberOfSlotsAndAnySpeed_AreTheSame()
    {
        var expected = Essence((await _toy.Study("one slot").UsePopulation().RunAsync(_toy.Train)).View);
        foreach (var slots in new[] { 3, 10, 64 })
        {
            var study = _toy.Study($"{slots} slots").UsePopulation()
                .UseVirtualTime(new VirtualTime(), slots, (configuration, step) => TimeSpan.FromSeconds(1 + Math.Round(50 * configuration.Get(_toy.Rate)) + step % 3));
            Assert.AreEqual(expected, Essence((await study.RunAsync(_toy.Train)).View), $"{slots} slots");
        }
    }

    [TestMethod]
    public async Task Slots_FewerThanTrials_AreBusyWhileSomeTrialIsTold()
    {
        // Equal speed: only at the end of a round, when less than a slot's worth is left to run, may a slot wait.
        var time = new VirtualTime();
        var start = time.GetUtcNow();
        await _toy.Study().UsePopulation().UseVirtualTime(time, 4, (_, _) => TimeSpan.FromSeconds(1)).RunAsync(_toy.Train);
        var busy = 10.0 * ToyTraining.Steps / 4 / (time.GetUtcNow() - start).TotalSeconds;
        Assert.IsGreaterThan(0.95, busy);
    }

    [TestMethod]
    public void NextWork_ByHand_CopiesTheWorstFromTheBestOnceAllAreKnown()
    {
        var scheduler = new PopulationScheduler(new PopulationPlan(4, 20, 5, 0.25), new Perturbation(0, 1.2, 0.8), new RandomSource(1));
        var facts = new Facts(_toy.Space, scheduler);
        for (var trial = 0; trial < 4; trial++) Assert.AreEqual(new WorkOrder.StartTrial(5), scheduler.NextWork(facts.View));
        double[] losses = [0.4, 0.1, 0.9, 0.3];
        for (var trial = 0; trial < 4; trial++) facts.Start(trial, 0.1 + 0.1 * trial, 5);
        foreach (var trial in new[] { 0, 1, 2 }) facts.Pause(trial, 5, losses[trial]);
        // Of three known ones the middle is neither the best nor the worst of all four, whatever the fourth will be.
        var first = (WorkOrder.ResumeTrial)scheduler.NextWork(facts.View);
        Assert.AreEqual("step 5: its accuracy of 0.4 is neither among the 1 best nor the 1 worst of 4 trials, of which 3 are known; it goes on as it is", first.Reason);
        Assert.AreEqual((new TrialId(0), (int?)10, null), (first.Trial, first.Budget, first.From));
        facts.Resume(first);
        Assert.AreEqual(new WorkOrder.Hold(), scheduler.NextWork(facts.View));
        facts.Pause(3, 5, losses[3]);
        var copy = (WorkOrder.ResumeTrial)scheduler.NextWork(facts.View);
        Assert.AreEqual((new TrialId(2), (int?)10, new TrialId(1)), (copy.Trial, copy.Budget, copy.From!.Value));
        var rate = copy.Configuration!.Get(_toy.Rate);
        Assert.IsTrue(Math.Abs(rate - 0.24) < 1e-9 || Math.Abs(rate - 0.16) < 1e-9, $"{rate}");
        Assert.AreEqual($"step 5: its accuracy of 0.9 is among the 1 worst of 4 trials; it takes over trial 1, whose accuracy is 0.1, with rate 0.2 -> {(rate > 0.2 ? "0.24" : "0.16")}", copy.Reason);
        facts.Resume(copy);
        Assert.AreEqual(new TrialId(1), ((WorkOrder.ResumeTrial)scheduler.NextWork(facts.View)).Trial);
        Assert.StartsWith("step 5: its accuracy of 0.1 is number 1 of 4 trials; it goes on", ((WorkOrder.ResumeTrial)scheduler.NextWork(facts.View)).Reason);
    }

    [TestMethod]
    public void Judge_WhatIsMaximized_SpeaksOfTheMetric()
    {
        var scheduler = new PopulationScheduler(new PopulationPlan(4, 20, 5, 0.25), new Perturbation(0, 1.2, 0.8), new RandomSource(1));
        var facts = new Facts(_toy.Space, scheduler, isMaximized: true);
        facts.Start(0, 0.1, 5);
        Assert.AreEqual(Directive.Continue, facts.Judge(0, 4, -0.7));
        Assert.AreEqual(Directive.Pause("step 5: its accuracy of 0.75 is to be compared with those of the other trials"), facts.Judge(0, 5, -0.75));
    }

    [TestMethod]
    public void UsePopulation_IntervalBeyondTheEpochs_IsAProblemOfTheDefinition()
    {
        var study = new StudyBuilder("x").WithSearchSpace(_toy.Space).ForTrials(10).WithEpochs(27, canResume: true);
        var interval = Assert.ThrowsExactly<StudyDefinitionException>(() => study.UsePopulation(new PopulationOptions { Interval = 27 }).Open());
        Assert.AreEqual("Study 'x': UsePopulation: Interval 27 must be below the 27 steps of a training; nobody would be compared before the end. Leave it out for a tenth of them.", interval.Message);
    }

    [TestMethod]
    public async Task UsePopulation_OnAGridOfFewerPoints_TrainsThoseToTheEnd()
    {
        var result = await _toy.Study().UseGrid(3).UsePopulation().RunAsync(_toy.Train);
        Assert.AreEqual(3, result.View.CompletedCount);
        Assert.IsTrue(result.View.Trials.Any(trial => trial.IsScheduled));
    }

    [TestMethod]
    public async Task UsePopulation_WithFewerTrialsThanItsSize_TrainsThoseToTheEnd()
    {
        var result = await _toy.Study().UsePopulation().ForTrials(5).RunAsync(_toy.Train);
        Assert.AreEqual(5, result.View.CompletedCount);
        Assert.IsTrue(result.View.Trials.Any(trial => trial.IsScheduled));
    }

    [TestMethod]
    public async Task UsePopulation_WhenAnObjectiveDeclaresItsSpace_MovesWhatTheCopiedOneHadRead()
    {
        var study = new StudyBuilder("declared").WithEpochs(6, canResume: true).UsePopulation(new PopulationOptions { Size = 4, Interval = 2, ResampleProbability = 0 });
        var result = await study.RunAsync(trial =>
        {
            var rate = trial.Real("rate", 1, 1000, Scale.Log);
            for (var step = trial.ResumeAfterStep + 1; step <= trial.Budget; step++)
            {
                if (!trial.Report(step, rate).IsContinue) break;
            }

            return rate;
        });
        foreach (var trial in result.View.Trials.Where(trial => trial.IsScheduled))
        {
            var rates = trial.Schedule.Segments.Select(segment => (double)segment.Configuration.Values.Single().Value).ToList();
            for (var i = 1; i < rates.Count; i++) Assert.IsTrue(Math.Abs(rates[i] / rates[i - 1] - 1.2) < 1e-9 || Math.Abs(rates[i] / rates[i - 1] - 0.8) < 1e-9 || rates[i] == 1, trial.Schedule.ToString());
        }

        Assert.IsTrue(result.View.Trials.Any(trial => trial.IsScheduled));
    }

    [TestMethod]
    public void UsePopulation_WithoutWhatItNeeds_SaysAllOfIt()
    {
        var space = _toy.Space;
        StudyBuilder Study() => new StudyBuilder("x").WithSearchSpace(space);
        Assert.AreEqual("Study 'x': UsePopulation needs to know how many steps a training has, and that trials go on from checkpoints; say WithEpochs(50, canResume: true).",
            Assert.ThrowsExactly<StudyDefinitionException>(() => Study().UsePopulation().Open()).Message);
        Assert.AreEqual("Study 'x': UsePopulation has trials go on from checkpoints, and nothing says that the objective writes them; say WithEpochs(50, canResume: true) if it saves one when it is asked to pause.",
            Assert.ThrowsExactly<StudyDefinitionException>(() => Study().UsePopulation().WithEpochs(50).Open()).Message);
        Assert.AreEqual("Study 'x': UsePopulation copies the weights of half trained models, and the steps of this study are samples; say WithEpochs if they are steps of one training, or use another scheduler.",
            Assert.ThrowsExactly<StudyDefinitionException>(() => Study().UsePopulation().WithSamples(27).Open()).Message);
        Assert.AreEqual("Study 'x': UsePopulation compares trials on their way, and 1 step has none; it takes at least 2.",
            Assert.ThrowsExactly<StudyDefinitionException>(() => Study().UsePopulation().WithEpochs(1, canResume: true).Open()).Message);
        using var open = Study().UsePopulation().WithEpochs(20, canResume: true).Open();
        Assert.AreEqual(2, open.Ask()!.Budget);
    }

    [TestMethod]
    public void Validated_OptionsOutOfRange_SaysAll()
    {
        var options = new PopulationOptions { Size = 1, Interval = 0, QuantileFraction = 0.6, ResampleProbability = -1, GrowthFactor = 1, ShrinkFactor = 1 };
        var message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _toy.Study().UsePopulation(options)).Message;
        Assert.StartsWith("PopulationOptions.Size is 1; it must be at least 2. PopulationOptions.Interval is 0; it must be at least 1, or null for a tenth of the steps. "
            + "PopulationOptions.QuantileFraction is 0.6; it must be above 0 and at most 0.5. PopulationOptions.ResampleProbability is -1; it must be from 0 to 1. "
            + "PopulationOptions.GrowthFactor is 1; it must be above 1. PopulationOptions.ShrinkFactor is 1; it must be above 0 and below 1.", message);
    }

    [TestMethod]
    [DataRow(10, 0.25, 3)]
    [DataRow(4, 0.25, 1)]
    [DataRow(3, 0.5, 1)]
    [DataRow(1, 0.5, 0)]
    [DataRow(20, 0.2, 4)]
    public void Share_OfSoMany_IsRoundedUpAndAtMostHalf(int count, double quantile, int expected) => Assert.AreEqual(expected, new PopulationPlan(10, 20, 5, quantile).Share(count));

    [TestMethod]
    public void BudgetAfter_EachStep_IsTheNextComparisonOrTheEnd()
        => Assert.AreSequenceEqual([5, 5, 10, 10, 12, 12], new[] { 0, 4, 5, 9, 10, 11 }.Select(new PopulationPlan(10, 12, 5, 0.25).BudgetAfter));

    public void Dispose() => _toy.Dispose();

    private static string Essence(StudyView view) => string.Join(Environment.NewLine, view.Trials.Select(trial => $"{trial.Loss:R} {trial.Schedule}"));

    private sealed class Conformance(int size) : SchedulerConformance
    {
        public override string ToString() => $"population of {size}";

        protected override IScheduler Create(RandomSource random) => new PopulationScheduler(new PopulationPlan(size, 27, 4, 0.25), new Perturbation(0.25, 1.2, 0.8), random);
    }
}
