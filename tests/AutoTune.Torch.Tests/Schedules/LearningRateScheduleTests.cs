using AutoTune.Scheduling;
using AutoTune.Torch.Training;
using TorchSharp;
using TorchSharp.Modules;

namespace AutoTune.Torch.Schedules;

[TestClass]
public sealed class LearningRateScheduleTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("autotune-torch").FullName;

    [TestCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void FactorAt_OfEachKind_IsItsFormula()
    {
        // 100 steps, of which 10 warm up; q = (t - 10) / 90.
        var cosine = LearningRateSchedule.Cosine(100, .1, .05);
        Assert.AreEqual(1.0 / 11, cosine.FactorAt(0), 1e-12);
        Assert.AreEqual(10.0 / 11, cosine.FactorAt(9), 1e-12);
        Assert.AreEqual(1, cosine.FactorAt(10), 1e-12);
        Assert.AreEqual(.05 + .95 * .5, cosine.FactorAt(55), 1e-12);
        Assert.AreEqual(.05 + .95 * (1 + Math.Cos(Math.PI * 89 / 90)) / 2, cosine.FactorAt(99), 1e-12);
        Assert.AreEqual(.05, cosine.FactorAt(100), 1e-12);
        Assert.AreEqual(.05, cosine.FactorAt(1000), 1e-12);
        var linear = LearningRateSchedule.Linear(100, .1, .1);
        Assert.AreEqual(1 - .9 * .5, linear.FactorAt(55), 1e-12);
        Assert.AreEqual(.1, linear.FactorAt(100), 1e-12);
        var trapezoid = LearningRateSchedule.Trapezoid(100, .1, .2);
        Assert.AreEqual(1, trapezoid.FactorAt(82), 1e-12);
        Assert.AreEqual(.5, trapezoid.FactorAt(91), 1e-12);
        Assert.AreEqual(0, trapezoid.FactorAt(100), 1e-12);
        var warm = LearningRateSchedule.WarmUp(100, .1);
        Assert.AreEqual(5.0 / 11, warm.FactorAt(4), 1e-12);
        Assert.AreEqual(1, warm.FactorAt(99));
        Assert.AreEqual(1, LearningRateSchedule.Constant(100).FactorAt(0));
        Assert.AreEqual(.5, LearningRateSchedule.WarmUp(1, 1).FactorAt(0), 1e-12);
    }

    [TestMethod]
    public void FactorAt_OfOneCycleAndCosine_IsTheRateOfPyTorchsSchedulers()
    {
        const int Steps = 50;
        using var weights = new Parameter(torch.ones(1));
        using var first = torch.optim.SGD([weights], 1.0);
        var scheduler = torch.optim.lr_scheduler.OneCycleLR(first, max_lr: 1, total_steps: Steps, pct_start: .3, div_factor: 25, final_div_factor: 1e4, cycle_momentum: false);
        var cycle = LearningRateSchedule.OneCycle(Steps);
        using var second = torch.optim.SGD([weights], 1.0);
        var annealing = torch.optim.lr_scheduler.CosineAnnealingLR(second, Steps, .1);
        var cosine = LearningRateSchedule.Cosine(Steps, 0, .1);
        for (var step = 0; step < Steps; step++)
        {
            Assert.AreEqual(first.ParamGroups.Single().LearningRate, cycle.FactorAt(step), 1e-9, $"step {step}");
            Assert.AreEqual(second.ParamGroups.Single().LearningRate, cosine.FactorAt(step), 1e-9, $"step {step}");
            if (step == Steps - 1) break;
            scheduler.step();
            annealing.step();
        }
    }

    [TestMethod]
    public void Apply_ToGroups_KeepsTheirProportionsAndDoesNotDrift()
    {
        using var one = new Parameter(torch.ones(1));
        using var other = new Parameter(torch.ones(1));
        using var optimizer = new AdamW([new AdamW.ParamGroup([one], lr: .01), new AdamW.ParamGroup([other], lr: .1)]);
        var schedule = LearningRateSchedule.Cosine(10);
        for (var step = 0; step < 10; step++) schedule.Apply(optimizer, step);
        schedule.Apply(optimizer, 5);
        schedule.Apply(optimizer, 5);
        CollectionAssert.AreEqual(new[] { .01 * schedule.FactorAt(5), .1 * schedule.FactorAt(5) }, optimizer.ParamGroups.Select(group => group.LearningRate).ToArray());
    }

    [TestMethod]
    public void AddLearningRateSchedule_OfSeveral_DeclaresTheHyperparametersOfTheChosenOne()
    {
        var space = new SearchSpaceBuilder();
        var schedules = space.AddLearningRateSchedule("schedule", s => s.Constant().Cosine(new DecayOptions { FinalFraction = new(0, .2) }).OneCycle().WarmUp().Linear().Trapezoid());
        var built = space.Build();
        Assert.AreEqual("schedule=Constant", built.Default.ToString());
        Assert.AreEqual("schedule=Cosine, schedule.Cosine.WarmUpShare=0.05, schedule.Cosine.FinalFraction=0.1", built.Configure(set => set.Set("schedule", "Cosine")).ToString());
        Assert.AreEqual("schedule=OneCycle, schedule.OneCycle.PeakPosition=0.3", built.Configure(set => set.Set("schedule", "OneCycle")).ToString());
        foreach (var kind in schedules.Kind!.Choices)
            Assert.AreEqual($"{kind} over 40 steps", schedules.Create(built.Configure(set => set.Set("schedule", kind)), 40).ToString());
        Assert.AreEqual(LearningRateSchedule.Cosine(40, .05, .1).FactorAt(33), schedules.Create(built.Configure(set => set.Set("schedule", "Cosine")), 40).FactorAt(33));
    }

    [TestMethod]
    public async Task Apply_InTrialsThatArePromoted_GoesOnBitForBit()
    {
        var whole = await Study(study => study);
        var promoted = await Study(study => study.UseAsha(new AshaOptions { MaxBudget = 9, Form = AshaForm.Promotion }));
        Assert.IsTrue(promoted.View.Trials.Any(trial => trial.PausedAtStep > 0 && trial.Reports.Count > trial.PausedAtStep), "no trial was resumed");
        foreach (var trial in promoted.View.Trials)
            CollectionAssert.AreEqual(whole.View[trial.Id].Reports.Take(trial.Reports.Count).ToList(), trial.Reports.ToList(), $"{trial.Id}");
    }

    [TestMethod]
    public async Task LearningRateSchedule_DeclaredInTheTrial_SpansTheWholeTraining()
    {
        List<(int Trial, string Name, int Steps)> made = [];
        var result = await new StudyBuilder("declared").Minimize("loss").ForTrials(4).WithEpochs(9).WithSeed(1).UseRandom().UseAsha(new AshaOptions { MaxBudget = 9, Form = AshaForm.Promotion }).SaveArtifactsIn(_folder).TuneTorchAsync(trial =>
        {
            trial.Keep("nothing", _ => { }, _ => { });
            var schedule = trial.LearningRateSchedule("schedule", s => s.Cosine(new DecayOptions { WarmUpShare = new(0, .5) }).Constant(), 10);
            made.Add((trial.Id.Number, schedule.Name, schedule.TotalSteps));
            foreach (var epoch in trial.Epochs())
            {
                if (!trial.Report(epoch, schedule.FactorAt(epoch)).IsContinue) break;
            }

            return 1;
        });
        Assert.IsGreaterThan(4, made.Count, "none was promoted");
        foreach (var (trial, name, steps) in made) Assert.AreEqual((90, result.View[new TrialId(trial)].Configuration.Values[0].Text), (steps, name), $"trial {trial}");
    }

    [TestMethod]
    public void FactorAt_OfTrainingsOfFewSteps_IsAFraction()
    {
        foreach (var steps in Enumerable.Range(1, 4))
        {
            foreach (var schedule in (LearningRateSchedule[])[LearningRateSchedule.OneCycle(steps), LearningRateSchedule.OneCycle(steps, .99), LearningRateSchedule.Cosine(steps, 1), LearningRateSchedule.Linear(steps, .5), LearningRateSchedule.Trapezoid(steps, 1, 1), LearningRateSchedule.WarmUp(steps, 1)])
                Assert.IsTrue(Enumerable.Range(0, steps + 2).All(step => schedule.FactorAt(step) is >= 0 and <= 1), schedule.ToString());
        }

        Assert.AreEqual(1, LearningRateSchedule.OneCycle(1).FactorAt(0));
    }

    [TestMethod]
    public void Schedules_WithBadInput_SayWhatIsWrong()
    {
        var space = new SearchSpaceBuilder();
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => space.AddLearningRateSchedule("schedule", s => s)).Message, "'schedule' has no schedule to choose from; name at least one: s => s.Cosine().");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => space.AddLearningRateSchedule("schedule", s => s.Cosine().Cosine())).Message, "'Cosine' is named twice");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => LearningRateSchedule.Cosine(0)).Message, "A Cosine schedule needs its training's number of steps, at least 1: epochs times batches.");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => LearningRateSchedule.OneCycle(10, 1)).Message, "The position of the peak must be above 0 and below 1.");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => LearningRateSchedule.Trapezoid(10, 0, 0)).Message, "The cool-down's share");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => LearningRateSchedule.Cosine(10, 2));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => LearningRateSchedule.Cosine(10).FactorAt(-1));
    }

    private async Task<StudyResult> Study(Func<StudyBuilder, StudyBuilder> more)
    {
        var space = new SearchSpaceBuilder();
        var optimizers = space.AddOptimizer("optimizer", o => o.AdamW().Prodigy());
        var schedules = space.AddLearningRateSchedule("schedule", s => s.Cosine().OneCycle().Trapezoid());
        var study = new StudyBuilder("schedules").WithSearchSpace(space).Minimize("loss").WithSeed(4).ForTrials(9).WithEpochs(9).UseRandom().SaveArtifactsIn(Path.Combine(_folder, Guid.NewGuid().ToString("N")));
        LearningRateSchedule? schedule = null;
        var tuned = await more(study).TuneTorchAsync(() => new Circles(null)
        {
            Optimizer = (trial, parameters) =>
            {
                schedule = schedules.Create(trial, stepsPerEpoch: 4);
                return optimizers.Create(trial, parameters);
            },
            BeforeStep = (optimizer, step) => schedule!.Apply(optimizer, step),
        });
        return tuned.Result;
    }
}
