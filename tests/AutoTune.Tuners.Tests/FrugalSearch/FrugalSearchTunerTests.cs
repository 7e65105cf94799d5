using AutoTune.Testing;
using AutoTune.Tuners.FrugalSearch;
using AutoTune.Tuners.Tests.GaussianProcess;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.FrugalSearch;

[TestClass]
public sealed class FrugalSearchTunerTests
{
    private static readonly string[] Golden =
    [
        "x=0, width=42, size=1, trainer=svm, cost=1, kernel=rbf, fixed=2",
        "x=0, width=42, size=1, trainer=forest, depth=11, share=0.5, fixed=2",
        "x=-0.021655317984184963, width=16, size=2, trainer=svm, cost=1.5991853647074366, kernel=rbf, fixed=2",
        "x=0.4146854281092469, width=32, size=4, trainer=svm, cost=30.574877306628906, kernel=rbf, fixed=2",
    ];

    // Made with this code; a change of the search changes it, and its commit says why.
    [TestMethod]
    public void Ask_WithAFixedSeed_ProposesWhatItAlwaysDid()
    {
        var told = FrugalFixtures.Tuner(Fixtures.MixedSpace()).DriveTagged(GaussianProcessTunerTests.MixedLoss, 40);
        var golden = new[] { 0, 1, 12, 39 }.Select(number => told[number].Configuration.ToString());
        CollectionAssert.AreEqual(Golden, golden.ToArray(), string.Join(Environment.NewLine, golden));
    }

    [TestMethod]
    [DataRow(FrugalForm.Blend, false)]
    [DataRow(FrugalForm.Blend, true)]
    [DataRow(FrugalForm.Local, true)]
    public void Ask_AfterReplayOfTheToldTrials_ProposesTheSameToTheBit(FrugalForm form, bool isMeasured)
    {
        var space = Fixtures.MixedSpace();
        var options = new FrugalSearchOptions { Form = form };
        var told = FrugalFixtures.Tuner(space, options: options, isMeasured: isMeasured)
            .DriveTagged(GaussianProcessTunerTests.MixedLoss, 120, configuration => 1 + configuration.ToString().Length % 7);
        var replayed = FrugalFixtures.Tuner(space, options: options, isMeasured: isMeasured);
        foreach (var trial in told.Take(60)) replayed.Tell(trial);
        for (var number = 60; number < 120; number++)
        {
            Assert.AreEqual(told[number].Configuration, replayed.AskTrial(number).Configuration);
            replayed.Tell(told[number]);
        }
    }

    [TestMethod]
    [DataRow(FrugalForm.Blend)]
    [DataRow(FrugalForm.Local)]
    public void Ask_With64TrialsPendingThatEndInReverse_NeverRepeatsOneAndGoesOnToImprove(FrugalForm form)
    {
        var tuner = FrugalFixtures.Tuner(Fixtures.Cube(3), options: new FrugalSearchOptions { Form = form });
        var all = new List<Trial>();
        for (var round = 0; round < 4; round++)
        {
            var pending = new List<Trial>();
            for (var i = 0; i < 64; i++) pending.Add(tuner.AskTrial(all.Count + i, 0, [.. pending]));
            pending.Reverse();
            foreach (var trial in pending)
            {
                all.Add(trial.Ended(Fixtures.Reals(trial.Configuration).Sum(x => (x - 0.8) * (x - 0.8))));
                tuner.Tell(all[^1]);
            }
        }

        Assert.AreEqual(256, all.Select(trial => trial.Configuration).Distinct().Count());
        Assert.IsTrue(all.Min(trial => trial.Loss) < 0.01, $"{all.Min(trial => trial.Loss)}");
    }

    [TestMethod]
    public void Ask_AtFirst_IsTheStartThatTheOptionsName()
    {
        var space = Fixtures.MixedSpace();
        var first = FrugalFixtures.Tuner(space, options: new FrugalSearchOptions { Start = set => set.Set("width", 4).Set("trainer", "forest").Set("depth", 1) }).AskTrial(0);
        Assert.AreEqual(space.Configure(set => set.Set("width", 4).Set("trainer", "forest").Set("depth", 1)), first.Configuration);
        Assert.AreEqual(space.Default, FrugalFixtures.Tuner(space).AskTrial(0).Configuration);
    }

    [TestMethod]
    public void Tell_OfAnotherTrialThatIsBetter_BeginsALocalSearchThere()
    {
        var space = Fixtures.Cube(2);
        var tuner = FrugalFixtures.Tuner(space);
        tuner.Tell(tuner.AskTrial(0).Ended(5));
        tuner.Tell(Fixtures.Completed(1, space.Configure(set => set.Set("x0", 0.9).Set("x1", 0.1)), 1));
        tuner.Tell(Fixtures.Completed(2, space.Configure(set => set.Set("x0", 0.1).Set("x1", 0.9)), 8));
        CollectionAssert.AreEqual(new[] { 5.0, 1.0 }, tuner.Team.Alive.Select(search => search.Best.Loss).ToArray());
    }

    [TestMethod]
    public void Tell_OfAnotherTrialThatIsBetter_MovesTheOneLocalSearchThere()
    {
        var space = Fixtures.Cube(2);
        var tuner = FrugalFixtures.Tuner(space, options: FrugalFixtures.Local);
        tuner.Tell(tuner.AskTrial(0).Ended(5));
        tuner.Tell(Fixtures.Completed(1, space.Configure(set => set.Set("x0", 0.9).Set("x1", 0.1)), 1));
        CollectionAssert.AreEqual(new[] { 0.9, 0.1 }, tuner.Team.Alive.Single().Incumbent);
    }

    [TestMethod]
    public void Ask_InTheLocalForm_RestartsOnceItHasConverged()
    {
        var tuner = FrugalFixtures.Tuner(Fixtures.Cube(2), options: FrugalFixtures.Local);
        tuner.DriveTagged(configuration => Fixtures.Reals(configuration).Sum(x => Math.Abs(x - 0.3)), 300);
        Assert.IsTrue(tuner.Team.Made > 1);
    }

    [TestMethod]
    public void Ask_WhereTheStartAndAllElseFails_GoesOn()
    {
        foreach (var options in new[] { new FrugalSearchOptions(), FrugalFixtures.Local })
        {
            var tuner = FrugalFixtures.Tuner(Fixtures.MixedSpace(), options: options);
            var seen = new List<Configuration>();
            for (var number = 0; number < 30; number++)
            {
                var trial = tuner.AskTrial(number);
                seen.Add(trial.Configuration);
                tuner.Tell(Fixtures.Failed(number, trial.Configuration) with { Tags = trial.Tags });
            }

            Assert.AreEqual(30, seen.Distinct().Count());
        }
    }

    [TestMethod]
    public void Ask_WhileNoTrialMeetsTheRequirement_StepsTowardsWhereItIsMet()
    {
        // The losses lead away from it: x0 of at least 0.9, and the start is in the middle.
        var firsts = Enumerable.Range(0, 9).Select(seed =>
        {
            var tuner = FrugalFixtures.Tuner(Fixtures.Cube(4), seed, FrugalFixtures.Local);
            for (var number = 0; number < 100; number++)
            {
                var trial = tuner.AskTrial(number, seed);
                var x = Fixtures.Reals(trial.Configuration);
                var violation = Math.Sqrt((x[0] - 0.9) * (x[0] - 0.9) + (x[1] - 0.1) * (x[1] - 0.1) + (x[2] - 0.9) * (x[2] - 0.9) + (x[3] - 0.1) * (x[3] - 0.1)) - 0.2;
                if (violation <= 0) return number;
                tuner.Tell(trial.Ended(-violation) with { Violations = [violation] });
            }

            return 100;
        });
        Assert.IsLessThan(60, firsts.Order().ElementAt(4)); // a ball of a hundredth of the space: random search needs about a hundred
    }

    [TestMethod]
    public void Costs_OfTrialsThatFailed_TeachNothing()
    {
        var layout = new AutoTune.Tuners.GaussianProcess.SpaceLayout(Fixtures.Cube(1));
        var costs = new LinearCosts(layout);
        costs.Tell([0.5], [true], Math.Log(10));
        var before = costs.LogCost([0.5], [true]);
        costs.Tell([0.5], [true], AutoTune.Tuners.GaussianProcess.Observation.LogSecondsOf(Fixtures.Failed(1, Fixtures.Cube(1).Default)));

        Assert.AreEqual(before, costs.LogCost([0.5], [true]));
    }

    [TestMethod]
    public void Ask_OnAFiniteSpace_TriesEachConfigurationOnceBeforeAnyAgain()
    {
        var builder = new SearchSpaceBuilder();
        var kind = builder.AddCategorical<string>("kind", ["a", "b", "c"]);
        builder.AddInteger("size", 1, 12, activeWhen: kind.Is("b"));
        builder.AddBoolean("flag");
        var told = FrugalFixtures.Tuner(builder.Build()).DriveTagged(configuration => configuration.ToString().Length, 28);
        Assert.AreEqual(28, told.Select(trial => trial.Configuration).Distinct().Count());
    }

    [TestMethod]
    public void UseFrugalSearch_WithoutATimeLimit_ProposesTheSameHoweverLongTrialsTake()
        => CollectionAssert.AreEqual(Searched(study => study.ForTrials(40), 1), Searched(study => study.ForTrials(40), 100));

    [TestMethod]
    public void UseFrugalSearch_WithATimeLimitSetAfterIt_LooksAtTimes()
        => CollectionAssert.AreNotEqual(
            Searched(study => study.ForTrials(40).ForAtMost(TimeSpan.FromDays(30)), 1), Searched(study => study.ForTrials(40).ForAtMost(TimeSpan.FromDays(30)), 100));

    [TestMethod]
    public void Options_OutOfRange_AreNamedWithTheirRule()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new StudyBuilder("s").UseFrugalSearch(new FrugalSearchOptions { InitialStep = 0 }));
        StringAssert.Contains(error.Message, "FrugalSearchOptions.InitialStep is 0; it must be above 0 and at most 1.");
    }

    [TestMethod]
    [DataRow("0.x")]
    [DataRow("1.2.3")]
    [DataRow("-5.0")]
    public void MoveTag_ThatIsNotOurs_IsNone(string text)
        => Assert.IsNull(MoveTag.Of(Fixtures.Running(0, Fixtures.Cube(1).Default) with { Tags = new MoveTag(0, 0).ToTags().SetItem("frugal", text) }));

    // The configurations of a study whose trials take a second, or up to as many times that as said.
    private static string[] Searched(Func<StudyBuilder, StudyBuilder> limit, double slowest)
    {
        var study = limit(new StudyBuilder("s").Minimize("loss").WithSearchSpace(Fixtures.Cube(2)).UseFrugalSearch())
            .UseVirtualTime(new VirtualTime(), 1, (configuration, _) => TimeSpan.FromSeconds(1 + (slowest - 1) * Fixtures.Reals(configuration)[0]));
        var result = study.RunAsync(trial => Fixtures.Reals(trial.Configuration).Sum(x => (x - 0.7) * (x - 0.7))).GetAwaiter().GetResult();
        return [.. result.View.Trials.Select(trial => trial.Configuration.ToString())];
    }
}
