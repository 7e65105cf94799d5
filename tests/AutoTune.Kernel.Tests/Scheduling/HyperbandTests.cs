using System.Collections.Immutable;
using AutoTune.Kernel.Tests.Studies;
using AutoTune.Scheduling;
using AutoTune.Testing;

namespace AutoTune.Kernel.Tests.Scheduling;

[TestClass]
public sealed class HyperbandTests
{
    [TestMethod] // Li and others 2018, table 1: R = 81, η = 3
    [DataRow(0, "81@1 27@3 9@9 3@27 1@81")]
    [DataRow(1, "34@3 11@9 3@27 1@81")]
    [DataRow(2, "15@9 5@27 1@81")]
    [DataRow(3, "8@27 2@81")]
    [DataRow(4, "5@81")]
    [DataRow(5, "81@1 27@3 9@9 3@27 1@81")]
    public void Brackets_Of81StepsAndAThird_AreThePapers(int bracket, string expected)
        => Assert.AreEqual(expected, Text(new HyperbandBrackets(1, 81, 3), bracket));

    [TestMethod]
    [DataRow(1, 52, 3, "27@2 9@6 3@17 1@52")]
    [DataRow(1, 100, 4, "64@2 16@6 4@25 1@100")]
    [DataRow(10, 52, 3, "3@17 1@52")]
    [DataRow(30, 52, 3, "1@52")]
    public void Brackets_OfOtherSteps_AreRounded(int min, int max, int reduction, string expected)
        => Assert.AreEqual(expected, Text(new HyperbandBrackets(min, max, reduction), 0));

    [TestMethod]
    public void Hyperband_ByHand_HalvesABracketWhenItsRungHasFilled()
    {
        // Budgets 1, 3 and 9: brackets of 9, 5 and 3 trials.
        using var study = Steps.Study().UseHyperband(maxBudget: 9).ForTrials(100).Open();
        for (var trial = 0; trial < 8; trial++) study.Run(trial == 3 ? 0.1 : 1 + trial);
        var last = study.Ask()!;
        var next = study.Ask()!; // the rung is not full: the next bracket begins
        Assert.AreEqual((new TrialId(9), 3), (next.Id, next.Budget));
        Assert.AreEqual("1 1", $"{study.View[next.Id].Tags["bracket"]} {study.View[next.Id].Tags["rung"]}");
        Assert.AreEqual("0 0", $"{study.View[last.Id].Tags["bracket"]} {study.View[last.Id].Tags["rung"]}");
        study.TellFailed(last, new NotSupportedException("for good")); // it has come to nothing, and the others need not wait

        foreach (var expected in new[] { 3, 0, 1 })
        {
            var promoted = study.Ask()!;
            Assert.AreEqual((new TrialId(expected), 1, 3), (promoted.Id, promoted.ResumeAfterStep, promoted.Budget));
            promoted.Report(2, 1);
            Assert.AreEqual(Directive.Pause("step 3: loss 0.5; it waits for the others of its rung"), promoted.Report(3, 0.5));
            study.Tell(promoted, 0.5);
        }

        var best = study.Ask()!; // of three equals the first
        Assert.AreEqual((new TrialId(0), 3, 9), (best.Id, best.ResumeAfterStep, best.Budget));
        for (var step = 4; step <= 9; step++) Assert.IsTrue(best.Report(step, 0.4).IsContinue);
        study.Tell(best, 0.4);
        Assert.AreEqual(new TrialId(10), study.Ask()!.Id);
    }

    [TestMethod]
    public async Task Hyperband_OneRoundOnOneSlot_SpendsWhatThePaperSays()
    {
        var journal = new KeptJournal();
        var result = await Toy.Study().WithEpochs(9, canResume: true).UseHyperband().ForTrials(9 + 5 + 3).UseJournal(_ => journal).RunAsync(Schedulable.Curve);

        // 9@1 3@3 1@9, 5@3 1@9, 3@9; what is resumed is not trained again.
        Assert.AreEqual(9 + 3 * 2 + 6 + 5 * 3 + 6 + 3 * 9, Steps.Done(journal.Events));
        Assert.AreEqual(1 + 1 + 3, result.View.CompletedCount);
        CollectionAssert.AreEqual(Enumerable.Repeat("0", 9).Concat(Enumerable.Repeat("1", 5)).Concat(Enumerable.Repeat("2", 3)).ToArray(), result.View.Trials.Select(trial => trial.Tags["bracket"]).ToArray());
    }

    [TestMethod]
    public async Task Hyperband_ABracketThatTheLimitLeavesUnfilled_IsHalvedToOne()
    {
        var result = await Toy.Study().WithEpochs(27, canResume: true).UseHyperband().ForTrials(7).RunAsync(Schedulable.Curve);

        Assert.AreEqual(1, result.View.CompletedCount);
        CollectionAssert.AreEqual(new[] { 1, 1, 1, 1, 1, 3, 27 }, result.View.Trials.Select(trial => trial.LastReport!.Value.Step).Order().ToArray());
    }

    [TestMethod]
    public async Task PausingSchedulers_WhenTheSpaceIsUsedUp_RunTheBestOfItToItsEnd()
    {
        foreach (var use in new Func<StudyBuilder, StudyBuilder>[] { s => s.UseHyperband(), s => s.UseOneStep(), s => s.UsePasha(), s => s.UseAsha(new AshaOptions { Form = AshaForm.Promotion }) })
        {
            var result = await use(Toy.Study().WithEpochs(27, canResume: true).UseGrid(resolution: 2).ForTrials(100)).RunAsync(Schedulable.Curve);
            Assert.HasCount(4, result.View.Trials);
            Assert.AreEqual(1, result.View.CompletedCount);
            Assert.AreEqual(result.View.Trials.MinBy(trial => trial.Reports[0].Loss)!.Id, result.View.Best!.Id);
        }
    }

    [TestMethod]
    public async Task Hyperband_SixtyFourWorkers_NeverWaitForARung()
    {
        var journal = new KeptJournal();
        var time = new VirtualTime();
        var result = await Toy.Study(out var x, out _).WithSeed(5).WithEpochs(9, canResume: true).UseHyperband().UseJournal(_ => journal).ForAtMost(TimeSpan.FromHours(1))
            .UseVirtualTime(time, slots: 64, (configuration, _) => TimeSpan.FromMinutes(1 + 2 * Math.Abs(configuration.Get(x)))).RunAsync(Schedulable.Curve);

        Assert.AreEqual(64 * TimeSpan.FromHours(1), Steps.Busy(journal.Events));
        Assert.AreEqual(9, result.View.Trials[0].Budget); // it may be cut short, so it begins with one whole trial
        Assert.AreEqual(1, result.View.Trials.Count(trial => trial.Tags["bracket"] == "0"));
        Assert.AreEqual(9, result.View.Trials.Count(trial => trial.Tags["bracket"] == "1"));
    }

    [TestMethod]
    public void Anew_ByHand_StartsARungWhenTheOneBelowHasEnded()
    {
        // Budgets 1 and 3: brackets of 3 trials, 1 of which is followed by a whole one, and of 2 whole ones.
        using var study = Steps.Study().UseHyperband(new HyperbandOptions { MaxBudget = 3, StartsAnew = true }).ForTrials(100).Open();
        Assert.AreEqual(Directive.Stop("step 1: loss 0.5; that was its budget"), study.Run(0.5));
        var second = study.Ask()!;
        study.Run(0.7);
        var other = study.Ask()!; // the rung above waits for the second
        Assert.AreEqual(("1", "1", 3), (Tag(other, "bracket"), Tag(other, "rung"), other.Budget));
        study.TellFailed(second, new NotSupportedException("for good"));
        var whole = study.Ask()!;
        Assert.AreEqual(("0", "1", 3), (Tag(whole, "bracket"), Tag(whole, "rung"), whole.Budget));
        Assert.IsTrue(whole.Report(2, 1).IsContinue);
        Assert.IsTrue(whole.Report(3, 1).IsContinue);
        Assert.AreEqual("1", Tag(study.Ask()!, "bracket"));
        Assert.AreEqual(("2", "0"), (Tag(study.Ask()!, "bracket"), study.View.Trials[^1].Tags["rung"]));

        string Tag(ITrialContext trial, string tag) => study.View[trial.Id].Tags[tag];
    }

    [TestMethod]
    public void Anew_AStudyThatEndsBeforeAWholeTrialIsDue_MakesItsLastOneWhole()
    {
        using var study = Steps.Study().UseHyperband(new HyperbandOptions { MaxBudget = 27, StartsAnew = true }).ForTrials(4).Open();
        for (var trial = 0; trial < 3; trial++) Assert.AreEqual(DirectiveAction.Stop, study.Run(1).Action);

        Assert.AreEqual(27, study.Ask()!.Budget);
        CollectionAssert.AreEqual(new[] { "rung" }, study.View.Trials[3].Tags.Keys.ToArray());
        using var cutShort = Steps.Study().UseHyperband(new HyperbandOptions { MaxBudget = 27, StartsAnew = true }).ForAtMost(TimeSpan.FromHours(1)).Open();
        Assert.AreEqual(27, cutShort.Ask()!.Budget);
        Assert.AreEqual(1, cutShort.Ask()!.Budget);
    }

    [TestMethod]
    public void Definition_WithARuleOfOnesOwn_BeginsWithAWholeTrialUnlessTheRuleNeedsAResult()
    {
        foreach (var startsAnew in new[] { false, true })
        {
            StudyBuilder Study() => Steps.Study().WithEpochs(9, canResume: true).UseHyperband(new HyperbandOptions { StartsAnew = startsAnew }).ForTrials(30);
            using (var own = Study().StopWhen((_, _) => null).Open()) Assert.AreEqual(9, own.Ask()!.Budget);
            using (var value = Study().UntilValue(0).UntilNoImprovementFor(3).StopWhen((_, _) => null, needsResult: true).Open()) Assert.AreEqual(1, value.Ask()!.Budget);
        }
    }

    [TestMethod]
    public void StopWhen_ARuleThatNeedsAResult_IsAskedOnceThereIsOne()
    {
        var asked = 0;
        using var study = Steps.Study().WithEpochs(9, canResume: true).UseHyperband().ForTrials(30).StopWhen((_, _) => $"enough {++asked}", needsResult: true).Open();
        while (study.Ask() is { } trial) study.Tell(trial, Schedulable.Run(trial, step => Toy.Value(trial) + 1.0 / step, whole: 9));
        Assert.AreEqual((1, "enough 1", 1), (study.View.CompletedCount, study.Result.StopReason, asked));
    }

    [TestMethod]
    public void Brackets_OfOnesOwn_AreThoseAndWhatIsLeftOfThem()
    {
        var table = new HyperbandBrackets([2, 5, 10], [12, 3, 1]);
        CollectionAssert.AreEqual(new[] { "12@2 3@5 1@10", "3@5 1@10", "1@10", "12@2 3@5 1@10" }, Enumerable.Range(0, 4).Select(bracket => Text(table, bracket)).ToArray());
        Assert.AreEqual(4, table.Reduction);
    }

    [TestMethod]
    public void Brackets_ThatNeitherRiseNorFall_SayWhy()
    {
        foreach (var (budgets, sizes) in new (int[], int[])[] { ([9], [1]), ([3, 9], [3]), ([0, 9], [3, 1]), ([3, 9], [3, 0]) })
            Assert.AreEqual("A bracket must have two budgets or more, as many sizes, and neither below 1.", Assert.ThrowsExactly<ArgumentException>(() => new HyperbandBrackets([.. budgets], [.. sizes])).Message);
        Assert.AreEqual("From rung to rung budgets must rise and sizes fall; 2 trials with 3 steps follow on 4 with 3.", Assert.ThrowsExactly<ArgumentException>(() => new HyperbandBrackets([3, 3], [4, 2])).Message);
        Assert.AreEqual("From rung to rung budgets must rise and sizes fall; 4 trials with 9 steps follow on 4 with 3.", Assert.ThrowsExactly<ArgumentException>(() => new HyperbandBrackets([3, 9], [4, 4])).Message);
    }

    [TestMethod]
    public void Opening_OfAStudyThatIsNotCutShort_IsTheBracketAlone()
    {
        using var study = Steps.Study().WithEpochs(10, canResume: true)
            .UseScheduler(_ => new HyperbandBrackets([2, 5, 10], [4, 2, 1]).CreateOpening(100, mayBeCutShort: false, new AshaOptions().CreateStopping(10))).ForTrials(100).Open();
        for (var trial = 0; trial < 4; trial++) Assert.AreEqual(DirectiveAction.Pause, study.Run(9, trial).Action);
        foreach (var (trial, step, until) in new[] { (0, 2, 5), (1, 2, 5), (0, 5, 10) })
        {
            var promoted = study.Ask()!;
            Assert.AreEqual((new TrialId(trial), step, until), (promoted.Id, promoted.ResumeAfterStep, promoted.Budget));
            for (var s = step + 1; s <= until; s++) promoted.Report(s, trial);
            study.Tell(promoted, trial);
        }

        var later = study.Ask()!;
        Assert.AreEqual((new TrialId(4), 10), (later.Id, later.Budget));
    }

    [TestMethod]
    public void Opening_OfAStudyThatWasBegunWithout_DoesNotBeginInItsMiddle()
    {
        var journal = new KeptJournal();
        using (var first = Steps.Study().WithEpochs(9, canResume: true).UseJournal(_ => journal).ForTrials(100).Open()) first.Run(5, 5, 5, 5, 5, 5, 5, 5, 5);
        using var study = Steps.Study().WithEpochs(9, canResume: true).UseScheduler(_ => new HyperbandBrackets(1, 9, 3).CreateOpening(100, mayBeCutShort: true, new AshaOptions().CreateStopping(9)))
            .UseJournal(_ => journal.CutAfter(journal.Events.Count)).ForTrials(100).Open();
        var next = study.Ask()!;
        Assert.IsEmpty(study.View[next.Id].Tags);
    }

    [TestMethod]
    public void Opening_ThatGoesOnWithOtherLimits_KeepsItsShape()
    {
        KeptJournal alone = new(), afterAWholeOne = new();
        using (var first = Opened([2, 5, 10], [3, 2, 1], mayBeCutShort: false, alone)) Assert.AreEqual(2, first.Ask()!.Budget);
        using (var first = Opened([2, 5, 10], [3, 2, 1], mayBeCutShort: true, afterAWholeOne)) first.Run(5, 5, 5, 5, 5, 5, 5, 5, 5, 5);

        using var bracketAlone = Opened([2, 5, 10], [3, 2, 1], mayBeCutShort: true, alone);
        for (var trial = 0; trial < 3; trial++) Assert.AreEqual(2, bracketAlone.Ask()!.Budget);
        Assert.AreEqual(10, bracketAlone.Ask()!.Budget); // of what comes after the opening: no second bracket
        Assert.IsEmpty(bracketAlone.View.Trials[^1].Tags);
        using var bracketAfterIt = Opened([2, 5, 10], [3, 2, 1], mayBeCutShort: false, afterAWholeOne);
        Assert.AreEqual(2, bracketAfterIt.Ask()!.Budget);
    }

    [TestMethod]
    public void Opening_OfOtherRungsThanTheStudyWasBegunWith_LetsNoPartOfATrialPassForAWholeOne()
    {
        var journal = new KeptJournal();
        using (var first = Opened([1, 3, 5, 10], [4, 3, 2, 1], mayBeCutShort: true, journal))
        {
            first.Run(5, 5, 5, 5, 5, 5, 5, 5, 5, 5);
            first.Ask();
        }

        using var study = Opened([2, 5, 10], [3, 2, 1], mayBeCutShort: true, journal);
        var restarted = study.Ask()!;
        Assert.AreEqual((new TrialId(1), 1), (restarted.Id, restarted.Budget));
        Assert.AreEqual(DirectiveAction.Stop, restarted.Report(1, 0.1).Action);
        study.Tell(restarted, 0.1);
        Assert.AreEqual(new TrialId(0), study.View.Best!.Id);
    }

    private static Study Opened(ImmutableArray<int> budgets, ImmutableArray<int> sizes, bool mayBeCutShort, KeptJournal journal) => Steps.Study().WithEpochs(10, canResume: true)
        .UseScheduler(_ => new HyperbandBrackets(budgets, sizes).CreateOpening(100, mayBeCutShort, new AshaOptions().CreateStopping(10))).UseJournal(_ => journal).ForTrials(100).Open();

    [TestMethod]
    public void Opening_ByHand_IsOneWholeTrialAndABracketAndThenTheOther()
    {
        // Budgets 1, 3 and 9: after the whole trial a bracket of 9; the other scheduler stops at step 1 what is not the best third there.
        using var study = Steps.Study().WithEpochs(9, canResume: true).UseScheduler(_ => new HyperbandBrackets(1, 9, 3).CreateOpening(100, mayBeCutShort: true, new AshaOptions().CreateStopping(9))).ForTrials(100).Open();
        Assert.IsTrue(study.Run(5, 5, 5, 5, 5, 5, 5, 5, 5).IsContinue);
        for (var trial = 0; trial < 8; trial++) Assert.AreEqual(DirectiveAction.Pause, study.Run(1 + trial).Action);
        var last = study.Ask()!;
        var next = study.Ask()!; // the rung is not full: what comes after the opening begins
        Assert.AreEqual((new TrialId(10), 9), (next.Id, next.Budget));
        Assert.IsEmpty(study.View[next.Id].Tags);
        Assert.AreEqual(DirectiveAction.Stop, next.Report(1, 9).Action);
        study.Tell(next, 9);
        Assert.AreEqual(DirectiveAction.Pause, last.Report(1, 0.5).Action);
        study.Tell(last, 0.5);
        foreach (var (trial, step, until) in new[] { (9, 1, 3), (1, 1, 3), (2, 1, 3), (9, 3, 9) })
        {
            var promoted = study.Ask()!;
            Assert.AreEqual((new TrialId(trial), step, until), (promoted.Id, promoted.ResumeAfterStep, promoted.Budget));
            var directive = Directive.Continue;
            for (var s = step + 1; s <= until; s++) directive = promoted.Report(s, trial == 9 ? 0.1 : 1);
            Assert.AreEqual(until < 9 ? DirectiveAction.Pause : DirectiveAction.Continue, directive.Action);
            study.Tell(promoted, 0.1);
        }

        for (var trial = 11; trial < 20; trial++)
        {
            var later = study.Ask()!;
            Assert.AreEqual((new TrialId(trial), 9), (later.Id, later.Budget));
            study.TellFailed(later, new NotSupportedException("for good"));
        }
    }

    [TestMethod]
    public void Definition_OfHyperband_NeedsTrialsThatResume()
    {
        var error = Assert.ThrowsExactly<StudyDefinitionException>(() => Toy.Study().WithEpochs(27).UseHyperband(0).Open());

        CollectionAssert.AreEqual(new[]
        {
            "Hyperband: MinBudget 0 must be at least 1; steps are counted from 1.",
            "Hyperband pauses trials and resumes them, but the study's 27 epochs were said without canResume; say canResume: true if the objective goes on from its "
                + "checkpoint, or use UseAsha with Form = AshaForm.Stopping.",
        }, error.Problems.ToArray());
        Toy.Study().WithEpochs(27).UseHyperband(new HyperbandOptions { StartsAnew = true }).Open().Dispose();
    }

    private static string Text(HyperbandBrackets table, int bracket)
    {
        var first = table.FirstRung(bracket);
        return string.Join(' ', table.Sizes(first).Select((size, i) => $"{size}@{table.Ladder[first + i]}"));
    }
}
