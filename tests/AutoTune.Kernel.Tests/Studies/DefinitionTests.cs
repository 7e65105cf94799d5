using AutoTune.Kernel.Tests.Studies;

namespace AutoTune.Kernel.Tests;

[TestClass]
public sealed class DefinitionTests
{
    [TestMethod]
    public void Open_WithSeveralProblems_ReportsAllAtOnce()
    {
        var space = new SearchSpaceBuilder();
        space.AddReal("lr", 0, 1, Scale.Log);
        var error = Assert.ThrowsExactly<StudyDefinitionException>(() => new StudyBuilder("bad").WithSearchSpace(space).ForTrials(0).WithSlots(0).ForAtMost(TimeSpan.Zero).Open());

        CollectionAssert.AreEqual(new[]
        {
            "trials 0 must be at least 1; leave ForTrials out to search until another limit.",
            "slots 0 must be at least 1; 1 runs one trial at a time.",
            "time 00:00:00 must be above 0 and at most 49 days; leave ForAtMost out to search until another limit.",
            "Hyperparameter 'lr': low 0 must be above 0 on a log scale; raise low or use Scale.Linear.",
        }, error.Problems.ToArray());
        StringAssert.StartsWith(error.Message, "Study 'bad' has several problems:");
    }

    [TestMethod]
    public void Open_WithAKnownPointOutsideTheSpace_SaysWhatIsWrong()
    {
        var error = Assert.ThrowsExactly<StudyDefinitionException>(() => Toy.Study().TryFirst(point => point.Set("x", 7).Set("kind", "c").Set("z", 1)).Open());

        CollectionAssert.AreEqual(new[]
        {
            "Hyperparameter 'x': 7 is not one of its values (from -1 to 1).",
            "Hyperparameter 'kind': c is not one of its values (a, b).",
            "Hyperparameter 'z' is not in the space, which has x, kind; use one of these.",
        }, error.Problems.ToArray());
    }

    [TestMethod]
    public async Task Run_WithoutAnyLimit_IsRefused()
    {
        var error = await Assert.ThrowsExactlyAsync<StudyDefinitionException>(() => Toy.Study().RunAsync(Toy.Value));

        Assert.AreEqual("Study 'toy': nothing would end it; say ForTrials(60), ForAtMost(TimeSpan.FromMinutes(2)) or another limit, or give a cancellation token.", error.Message);
    }

    [TestMethod]
    public void Open_OfAStoredStudyThatWasEvaluatedOtherwise_IsRefused()
    {
        var journal = new KeptJournal();
        Toy.Study().EvaluatedBy("5 folds of 900 rows").UseJournal(_ => journal).Open().Dispose();
        Toy.Study().EvaluatedBy("5 folds of 900 rows").UseJournal(_ => journal).Open().Dispose();
        var error = Assert.ThrowsExactly<StudyDefinitionException>(() => Toy.Study().EvaluatedBy("2 folds of 500 rows").UseJournal(_ => journal).Open());

        Assert.AreEqual("Study 'toy': the stored study was evaluated by [5 folds of 900 rows], this program by [2 folds of 500 rows]; "
            + "their values do not compare: use another name, or another file.", error.Message);
    }

    [TestMethod]
    public void Open_OfAStoredStudyWithOtherSteps_IsRefusedAndLosesNothing()
    {
        var journal = new KeptJournal();
        using (var lengths = Toy.Study().WithLengths(9).UseJournal(_ => journal).Open()) lengths.Tell(lengths.Ask()!, 1);
        var before = journal.Events.Count;
        var error = Assert.ThrowsExactly<StudyDefinitionException>(() => Toy.Study().WithEpochs(9, canResume: true).UseJournal(_ => journal).Open());
        Assert.AreEqual("Study 'toy': the steps of the stored study are lengths, those of this program epochs; what trials reported of one does not compare with the other: say WithLengths, or use another name, or another file.",
            error.Message);
        Assert.HasCount(before, journal.Events);

        using var on = Toy.Study().WithLengths(18).UseJournal(_ => journal).Open();
        Assert.AreEqual(1, on.View.CompletedCount);
        Assert.AreEqual(new TrialSteps(9, StepKind.Lengths) { CanResume = true }, on.View.Steps);
        Toy.Study().UseJournal(_ => journal).Open().Dispose(); // nothing is said of them
    }

    [TestMethod]
    public void Open_WhenTheJournalRefusesTheFirstFact_ThrowsItsError()
        => Assert.ThrowsExactly<IOException>(() => Toy.Study().UseJournal(_ => new KeptJournal { FailsFrom = 0 }).Open());

    [TestMethod]
    public void Open_OfAStoredStudyWithAnotherDefinition_NamesEachDifference()
    {
        var journal = new KeptJournal();
        Toy.Study().WithSeed(1).UseJournal(_ => journal).Open().Dispose();
        var space = new SearchSpaceBuilder();
        space.AddReal("x", -1, 2);
        var error = Assert.ThrowsExactly<StudyDefinitionException>(() =>
            new StudyBuilder("toy").WithSearchSpace(space).Maximize("height").WithSeed(2).UseJournal(_ => journal).Open());

        CollectionAssert.AreEqual(new[]
        {
            "the stored study is to minimize loss, this program is to maximize height; a study keeps its goal: use another name, or another file.",
            "the stored study has seed 1, this program says 2; a study keeps its seed: say WithSeed(1), or use another name or file.",
            "its search space differs from that of the stored study (first: stored; second: this program): 'x' is from -1 to 1 in the first, from -1 to 2 in the second; "
                + "'kind' is only in the first. Use another name, or another file.",
        }, error.Problems.ToArray());
    }
}
