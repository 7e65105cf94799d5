using AutoTune.Kernel.Tests.Studies;
using AutoTune.Testing;
using AutoTune.Tuning;

namespace AutoTune.Kernel.Tests;

[TestClass]
public sealed class AskTellTests
{
    [TestMethod]
    public async Task AskAndTell_WithTheSameSeed_GiveTheStudyThatRunGives()
    {
        using var study = Toy.Study().ForTrials(6).Open();
        while (study.Ask() is { } trial) study.Tell(trial, Toy.Value(trial));
        var ran = await Toy.Study().ForTrials(6).RunAsync(Toy.Value);

        CollectionAssert.AreEqual(ran.View.Trials.Select(Toy.Essence).ToList(), study.View.Trials.Select(Toy.Essence).ToList());
        Assert.AreEqual(ran.StopReason, study.Result.StopReason);
    }

    [TestMethod]
    public void Ask_SeveralTimesBeforeTelling_GivesDifferentTrials()
    {
        using var study = Toy.Study().ForTrials(3).Open();
        ITrialContext[] asked = [study.Ask()!, study.Ask()!, study.Ask()!];

        Assert.IsNull(study.Ask());
        foreach (var trial in asked.Reverse()) study.Tell(trial, Toy.Value(trial));
        Assert.AreEqual(3, study.View.CompletedCount);
        Assert.AreEqual(3, asked.Select(trial => trial.Configuration).Distinct().Count());
    }

    [TestMethod]
    public void Tell_WhileATrialIsProposed_IsHeardOnceWithItsValue()
    {
        ITrialContext? first = null;
        Study? study = null;
        var heard = new List<Trial>();
        using (study = new StudyBuilder("told").UseTuner("listening", (space, _) =>
        {
            study!.Tell(first!, 1);
            return new ListeningTuner(space, heard);
        }).Open())
        {
            first = study.Ask()!;
            first.Real("x", 0, 1);
            study.Tell(study.Ask()!, 2);
            study.Ask();

            CollectionAssert.AreEqual(new double?[] { 1, 2 }, heard.Select(trial => trial.Loss).ToArray());
        }
    }

    [TestMethod]
    public void Tell_Twice_IsRefused()
    {
        using var study = Toy.Study().Open();
        var trial = study.Ask()!;
        study.Tell(trial, 1);

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => study.Tell(trial, 1));
        Assert.AreEqual("trial 0 of study 'toy' was not asked for, or was told before; tell each trial once.", error.Message);
    }

    [TestMethod]
    public void Tell_NaN_RecordsAFailure()
    {
        using var study = Toy.Study().Open();
        study.Tell(study.Ask()!, double.NaN);

        Assert.AreEqual(TrialState.Failed, study.View.Trials[0].State);
    }

    [TestMethod]
    public void TellFailed_WithAFailureThatMayPass_AsksTheTrialAgain()
    {
        using var study = Toy.Study().Open();
        var first = study.Ask()!;
        study.TellFailed(first, new TimeoutException());
        var second = study.Ask()!;

        Assert.AreEqual(first.Id, second.Id);
        Assert.AreEqual(first.Configuration, second.Configuration);
    }

    [TestMethod]
    public void Dispose_WithTrialsUntold_InterruptsThem()
    {
        var journal = new KeptJournal();
        using (var study = Toy.Study().UseJournal(_ => journal).Open()) study.Ask();
        using var again = Toy.Study().UseJournal(_ => journal).Open();

        Assert.AreEqual(0, again.Ask()!.Id.Number);
        Assert.IsEmpty(again.View.Trials[0].FailedAttempts);
    }

    [TestMethod]
    public void Ask_AfterTheStudyWasClosed_Throws()
    {
        var study = Toy.Study().Open();
        study.Dispose();

        Assert.ThrowsExactly<ObjectDisposedException>(() => study.Ask());
    }

    [TestMethod]
    public void Ask_AfterTheTimeLimit_GivesNothing()
    {
        var time = new VirtualTime();
        using var study = Toy.Study().UseTime(time).ForAtMost(TimeSpan.FromSeconds(30)).Open();
        study.Tell(study.Ask()!, 1);
        time.Advance(TimeSpan.FromSeconds(31));

        Assert.IsNull(study.Ask());
        Assert.AreEqual("the time limit of 30 s was reached", study.Result.StopReason);
    }

    private sealed class ListeningTuner(SearchSpace space, List<Trial> heard) : ITuner
    {
        public Proposal Ask(AskRequest request) => new Proposal.Evaluate(space.Sample(request.Random));

        public void Tell(Trial trial) => heard.Add(trial);
    }
}
