using AutoTune.Kernel.Tests.Studies;
using AutoTune.Tuning;

namespace AutoTune.Kernel.Tests;

[TestClass]
public sealed class DeclarationTests
{
    [TestMethod]
    public async Task Declare_InTheObjective_BuildsTheSpaceAndKeepsWhatWasRead()
    {
        var result = await new StudyBuilder("declared").ForTrials(30).RunAsync(Objective);

        CollectionAssert.AreEquivalent(new[] { "model", "depth", "rate", "bagging" }, result.View.Space.Hyperparameters.Select(h => h.Name).ToArray());
        foreach (var trial in result.View.Trials)
        {
            var names = trial.Configuration.Values.Select(value => value.Hyperparameter.Name).Order(StringComparer.Ordinal).ToArray();
            var isTree = trial.Configuration.ToString().Contains("model=tree", StringComparison.Ordinal);
            CollectionAssert.AreEqual(isTree ? new[] { "bagging", "depth", "model" } : ["model", "rate"], names);
        }
    }

    [TestMethod]
    public async Task Declare_CutAnywhereAndRunAgain_EndsAsIfNeverInterrupted()
    {
        var whole = new KeptJournal();
        var uninterrupted = await new StudyBuilder("declared").UseJournal(_ => whole).ForTrials(6).RunAsync(Objective);
        for (var facts = 0; facts < whole.Events.Count; facts++)
        {
            var cut = whole.CutAfter(facts);
            var result = await new StudyBuilder("declared").UseJournal(_ => cut).ForTrials(6).RunAsync(Objective);
            CollectionAssert.AreEqual(uninterrupted.View.Trials.Select(Toy.Essence).ToList(), result.View.Trials.Select(Toy.Essence).ToList(), $"cut after {facts}");
        }
    }

    [TestMethod]
    public async Task Declare_WithSeveralSlots_AddsEachHyperparameterOnce()
    {
        var result = await new StudyBuilder("declared").WithSlots(4).ForTrials(40).RunAsync(Objective);

        Assert.HasCount(4, result.View.Space.Hyperparameters);
        Assert.AreEqual(40, result.View.CompletedCount);
    }

    [TestMethod]
    public void Declare_WhileATrialIsProposed_CountsForThatTrial()
    {
        ITrialContext? first = null;
        var journal = new KeptJournal();
        using (var study = new StudyBuilder("growing").UseTuner("declaring", (space, _) => new ActingTuner(space, () => first!.Boolean("b"))).UseJournal(_ => journal).Open())
        {
            first = study.Ask()!;
            first.Real("a", 0, 1);
            var second = study.Ask()!;

            Assert.IsInRange(0, 1, second.Real("a", 0, 1));
            second.Boolean("b");
            study.Tell(first, 1);
            study.Tell(second, 2);
        }

        using var again = new StudyBuilder("growing").UseTuner("declaring", (space, _) => new RandomTuner(space)).UseJournal(_ => journal).Open();
        CollectionAssert.AreEqual(new[] { 2, 2 }, again.View.Trials.Select(trial => trial.Configuration.Values.Length).ToArray());
    }

    [TestMethod]
    public async Task Declare_WithOtherRangesThanBefore_FailsTheTrialWithTheRule()
    {
        var error = await Assert.ThrowsExactlyAsync<StudyFailedException>(() => new StudyBuilder("moving").ForTrials(9).StopAfterFailuresInARow(2)
            .RunAsync(trial => trial.Real("x", 0, 1 + trial.Id.Number) + trial.Real("x", 0, 9)));

        Assert.AreEqual("Hyperparameter 'x' was declared before with from 0 to 1, now with from 0 to 9; ranges and choices are fixed within a study: use another name, or another study.",
            error.InnerException!.Message);
    }

    [TestMethod]
    public async Task Declare_WithAProblem_FailsTheTrialWithTheMessage()
    {
        var error = await Assert.ThrowsExactlyAsync<StudyFailedException>(() => new StudyBuilder("wrong").ForTrials(9).RunAsync(trial => trial.Real("lr", 0, 1, Scale.Log)));

        Assert.AreEqual("Hyperparameter 'lr': low 0 must be above 0 on a log scale; raise low or use Scale.Linear.", error.InnerException!.Message);
        Assert.AreEqual(1, error.View.FailedCount);
        Assert.AreEqual("Study 'wrong' ended without a value: the objective's space is not well defined: Hyperparameter 'lr': low 0 must be above 0 on a log scale; "
            + "raise low or use Scale.Linear. Correct that and run it again.", error.Message);
    }

    [TestMethod]
    public async Task Declare_InAStudyWithASpace_IsRefused()
    {
        var error = await Assert.ThrowsExactlyAsync<StudyFailedException>(() => Toy.Study().ForTrials(1).RunAsync(trial => trial.Real("y", 0, 1)));

        StringAssert.Contains(error.InnerException!.Message, "Hyperparameter 'y' is not in the space of this study (x, kind); add it there");
    }

    [TestMethod]
    public async Task Declare_InAStudyWithASpace_ReadsWhatIsThere()
    {
        var result = await Toy.Study().ForTrials(5).RunAsync(trial => trial.Real("x", -1, 1));

        foreach (var trial in result.View.Trials) Assert.AreEqual(trial.Loss, (double)trial.Configuration.Values[0].Value);
    }

    [TestMethod]
    public async Task Declare_WhenPartOfAProposalIsRead_DoesNotEvaluateThatPartAgain()
    {
        var result = await new StudyBuilder("partly").ForTrials(40).RunAsync(trial
            => trial.Categorical("kind", "a", "b") == "a" ? 1 : 2 + trial.Real("x", 0, 1));

        Assert.AreEqual(40, result.View.CompletedCount);
        Assert.AreEqual(40, result.View.Trials.Select(trial => trial.Configuration).Distinct().Count());
    }

    [TestMethod]
    public async Task Declare_WhenAllThatIsReadIsUsedUp_Ends()
    {
        var result = await new StudyBuilder("finite").ForTrials(40).RunAsync(trial
            => trial.Categorical("kind", "a", "b") == "a" ? 1 : trial.Integer("n", 1, 3));

        Assert.AreEqual(4, result.View.CompletedCount);
    }

    private static double Objective(ITrialContext trial)
        => trial.Categorical("model", "tree", "linear") == "tree"
            ? trial.Integer("depth", 1, 12) + (trial.Boolean("bagging") ? 0.5 : 0)
            : trial.Real("rate", 1e-4, 1, Scale.Log);

    /// <summary>Something else happens in the study while it thinks.</summary>
    private sealed class ActingTuner(SearchSpace space, Action act) : ITuner
    {
        public Proposal Ask(AskRequest request)
        {
            act();
            return new Proposal.Evaluate(space.Sample(request.Random));
        }

        public void Tell(Trial trial) { }
    }
}
