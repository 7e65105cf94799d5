using AutoTune.Journals;
using AutoTune.Kernel.Tests.Studies;

namespace AutoTune.Kernel.Tests;

[TestClass]
public sealed class RequirementTests
{
    [TestMethod]
    public async Task Best_WithARequirement_IsTheBestOfThoseThatMeetIt()
    {
        // The lowest loss is at x = -1, where the cost is 2; at most 1 is allowed: x of 0 or more.
        var result = await Toy.Study(out var x, out _).Require("cost", atMost: 1).ForTrials(60)
            .RunAsync(trial => new TrialValues(trial.Configuration.Get(x)).With("cost", 1 - trial.Configuration.Get(x)));

        var trials = result.View.Trials;
        Assert.IsTrue(trials.Any(trial => !trial.MeetsRequirements) && trials.Any(trial => trial.MeetsRequirements));
        Assert.AreEqual(trials.Where(trial => trial.Configuration.Get(x) >= 0).Min(trial => trial.Loss), result.BestValue);
        Assert.AreEqual(1 - trials[0].Configuration.Get(x) - 1, trials[0].Violations[0]);
    }

    [TestMethod]
    public async Task RunAsync_WhereNoTrialMeetsTheRequirements_SaysWhichCameClosest()
    {
        var error = await Assert.ThrowsExactlyAsync<StudyFailedException>(() => Toy.Study().Require("cost", atMost: 1).Require("recall", atLeast: 0.5).ForTrials(20)
            .RunAsync(_ => new TrialValues(1).With("cost", 3).With("recall", 0.25)));

        Assert.AreEqual("Study 'toy' ended without a trial to return: none of 20 meets all requirements (cost at most 1, recall at least 0.5); "
            + "trial 0 comes closest (cost 3, recall 0.25). Loosen the requirements and begin another study, or let this one run longer.", error.Message);
        Assert.HasCount(20, error.View.Trials);
    }

    [TestMethod]
    public async Task Trial_WithoutTheRequiredFigure_FailsAndSaysWhatIsMissing()
    {
        var error = await Assert.ThrowsExactlyAsync<StudyFailedException>(() => Toy.Study().Require("cost", atMost: 1).ForTrials(3).RunAsync(_ => new TrialValues(1).With("size", 3)));

        StringAssert.Contains(error.Message, "The study requires cost at most 1, but the objective returned size; return a finite number as TrialValues.Metrics[\"cost\"].");
    }

    [TestMethod]
    public void Require_WithoutABoundOrWithBoundsThatContradict_IsAProblemOfTheDefinition()
    {
        var error = Assert.ThrowsExactly<StudyDefinitionException>(() => Toy.Study().Require("a").Require("b", double.NaN).Require("c", atMost: 1, atLeast: 2).Open());

        Assert.HasCount(3, error.Problems);
        StringAssert.Contains(error.Message, "'c' can never be met: at least 2 and at most 1");
    }

    [TestMethod]
    public void Open_WithOtherRequirements_IsRefused()
    {
        var journal = new MemoryJournal();
        Toy.Study().UseJournal(_ => journal).Require("cost", atMost: 1).Open().Dispose();

        Toy.Study().UseJournal(_ => journal).Require("cost", atMost: 1).Open().Dispose();
        var error = Assert.ThrowsExactly<StudyDefinitionException>(() => Toy.Study().UseJournal(_ => journal).Require("cost", atMost: 2).Open());
        StringAssert.Contains(error.Message, "the stored study requires [cost at most 1], this program [cost at most 2]");
    }
}
