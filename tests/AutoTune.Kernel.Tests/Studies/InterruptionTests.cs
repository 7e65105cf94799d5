using AutoTune.Kernel.Tests.Studies;
using AutoTune.Testing;

namespace AutoTune.Kernel.Tests;

[TestClass]
public sealed class InterruptionTests
{
    [TestMethod]
    public async Task Run_Cancelled_GivesTheBestSoFarAndInterruptsTheRest()
    {
        using var cancel = new CancellationTokenSource();
        var result = await Toy.Study().RunAsync(async (trial, token) =>
        {
            if (trial.Id.Number < 3) return Toy.Value(trial);
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
            return 0;
        }, cancel.Token);

        Assert.AreEqual("it was cancelled", result.StopReason);
        Assert.AreEqual(3, result.View.CompletedCount);
        Assert.AreEqual(TrialState.Waiting, result.View.Trials[3].State);
        Assert.AreEqual(0, result.View.FailedCount);
    }

    [TestMethod]
    public async Task Run_CancelledWhileATrialThrowsBecauseOfIt_DoesNotCountItAsFailed()
    {
        using var cancel = new CancellationTokenSource();
        var result = await Toy.Study().RunAsync(double (trial) =>
        {
            cancel.Cancel();
            throw new InvalidOperationException("native training was ended");
        }, cancel.Token);

        Assert.AreEqual(0, result.View.FailedCount);
        Assert.IsFalse(result.HasBest);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => result.Best).Message, "none completed before it ended (it was cancelled)");
    }

    [TestMethod]
    public async Task Run_CancelledAfterAFailure_IsNoFailedStudy()
    {
        using var cancel = new CancellationTokenSource();
        var result = await Toy.Study().RunAsync(double (trial) =>
        {
            if (trial.Id.Number == 1) cancel.Cancel();
            throw new InvalidOperationException("broken");
        }, cancel.Token);

        Assert.AreEqual("it was cancelled", result.StopReason);
    }

    [TestMethod]
    public async Task Run_InterruptedAndRunAgain_EvaluatesThatTrialAgain()
    {
        var journal = new KeptJournal();
        using var cancel = new CancellationTokenSource();
        await Toy.Study().UseJournal(_ => journal).ForTrials(4).RunAsync(async (trial, token) =>
        {
            if (trial.Id.Number < 2) return Toy.Value(trial);
            trial.Report(1, 1);
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
            return 0;
        }, cancel.Token);
        var result = await Toy.Study().UseJournal(_ => journal).ForTrials(4).RunAsync(Toy.Value);
        var uninterrupted = await Toy.Study().ForTrials(4).RunAsync(Toy.Value);

        CollectionAssert.AreEqual(uninterrupted.View.Trials.Select(Toy.Essence).ToList(), result.View.Trials.Select(Toy.Essence).ToList());
    }

    [TestMethod]
    public async Task Run_AtTheTimeLimit_InterruptsAndSaysSo()
    {
        var time = new VirtualTime();
        var result = await Toy.Study().UseTime(time).ForAtMost(TimeSpan.FromMinutes(2)).RunAsync(async (trial, token) =>
        {
            if (trial.Id.Number < 2) return Toy.Value(trial);
            time.Advance(TimeSpan.FromMinutes(2));
            await Task.Delay(Timeout.Infinite, token);
            return 0;
        });

        Assert.AreEqual("the time limit of 2 min was reached", result.StopReason);
        Assert.AreEqual(2, result.View.CompletedCount);
        Assert.HasCount(1, result.View.Waiting);
    }

    [TestMethod]
    public async Task Run_WhenTheTimeLimitComesBeforeAnyValue_LetsTheFirstTrialFinish()
    {
        var time = new VirtualTime();
        var result = await Toy.Study().UseTime(time).ForAtMost(TimeSpan.FromSeconds(1)).RunAsync(trial =>
        {
            time.Advance(TimeSpan.FromHours(1));
            return Toy.Value(trial);
        });

        Assert.AreEqual(1, result.View.CompletedCount);
        Assert.AreEqual("the time limit of 1 s was reached", result.StopReason);
    }

    [TestMethod]
    public async Task Report_AfterTheStudyEnded_IsAnsweredWithStopAndLeavesNoTrace()
    {
        ITrialContext? left = null;
        var result = await Toy.Study().ForTrials(1).RunAsync(trial =>
        {
            left = trial;
            return 1;
        });

        Assert.AreEqual(DirectiveAction.Stop, left!.Report(1, 1).Action);
        Assert.IsEmpty(result.View.Trials[0].Reports);
    }
}
