using AutoTune.Kernel.Tests.Studies;
using AutoTune.Tuning;

namespace AutoTune.Kernel.Tests;

[TestClass]
public sealed class FailureTests
{
    [TestMethod]
    public async Task Run_WhenSomeTrialsThrow_RecordsThemAndGoesOn()
    {
        var result = await Toy.Study().ForTrials(10).RunAsync(trial => trial.Id.Number % 2 == 0 ? throw new InvalidOperationException("odd numbers only") : Toy.Value(trial));

        Assert.AreEqual(5, result.View.FailedCount);
        Assert.AreEqual(5, result.View.CompletedCount);
        var failed = (TrialOutcome.Failed)result.View.Trials[0].Outcome!;
        Assert.AreEqual("System.InvalidOperationException: odd numbers only", failed.Error.ToString());
    }

    [TestMethod]
    public async Task Run_WhenEveryTrialThrows_EndsWithTheFirstErrorAndKeepsWhatWasRecorded()
    {
        var journal = new KeptJournal();
        var error = await Assert.ThrowsExactlyAsync<StudyFailedException>(() => Toy.Study().ForTrials(50).StopAfterFailuresInARow(4).UseJournal(_ => journal)
            .RunAsync(double (trial) => throw new InvalidOperationException($"broken {trial.Id.Number}")));

        Assert.AreEqual("Study 'toy' ended without a value: 4 trials in a row failed; the first error was: System.InvalidOperationException: broken 0. "
            + "Correct that and run it again.", error.Message);
        Assert.AreEqual("broken 0", error.InnerException!.Message);
        Assert.AreEqual(4, StudyView.Of(journal.Events).FailedCount);
    }

    [TestMethod]
    public async Task Run_WhenTrialsThatArePausedComeBetweenFailures_GoesOn()
    {
        var result = await Toy.Study().WithEpochs(9, canResume: true).UseHyperband().ForTrials(30).StopAfterFailuresInARow(4)
            .RunAsync(trial => trial.Id.Number % 4 != 0 ? throw new InvalidOperationException("only one in four") : Toy.Value(trial));

        Assert.AreEqual("all 30 trials have been evaluated", result.StopReason);
        Assert.IsGreaterThan(20, result.View.FailedCount);
    }

    [TestMethod]
    public async Task Run_WhenTrialsThatArePausedNeverComeToTheirEnd_EndsAllTheSame()
    {
        var error = await Assert.ThrowsExactlyAsync<StudyFailedException>(() => Toy.Study().WithEpochs(9, canResume: true).UseHyperband().ForTrials(90).StopAfterFailuresInARow(2)
            .RunAsync(trial => trial.Budget == 9 ? throw new InvalidOperationException("out of memory") : Toy.Value(trial)));

        Assert.Contains("2 trials in a row failed", error.Message);
        Assert.IsGreaterThan(2, error.View.Paused.Count);
    }

    [TestMethod]
    public async Task Run_AgainAfterTheObjectiveWasCorrected_GoesOn()
    {
        var journal = new KeptJournal();
        await Assert.ThrowsExactlyAsync<StudyFailedException>(() => Toy.Study().ForTrials(6).StopAfterFailuresInARow(3).UseJournal(_ => journal)
            .RunAsync(double (_) => throw new InvalidOperationException("broken")));
        var result = await Toy.Study().ForTrials(6).StopAfterFailuresInARow(3).UseJournal(_ => journal).RunAsync(Toy.Value);

        Assert.AreEqual(3, result.View.CompletedCount);
        Assert.AreEqual(3, result.View.FailedCount);
    }

    [TestMethod]
    [DataRow(double.NaN, "NaN")]
    [DataRow(double.PositiveInfinity, "Infinity")]
    public async Task Run_WhenAValueIsNotFinite_FailsTheTrialWithThatReason(double value, string text)
    {
        var result = await Toy.Study().ForTrials(2).RunAsync(trial => trial.Id.Number == 0 ? value : 1);

        Assert.AreEqual($"The objective returned {text} for 'loss'; a value must be a finite number. Return a large finite value for a poor result, or throw to say that the trial failed.",
            ((TrialOutcome.Failed)result.View.Trials[0].Outcome!).Error.Message);
    }

    [TestMethod]
    public async Task Run_WhenAReportIsNotFinite_FailsTheTrial()
    {
        var result = await Toy.Study().ForTrials(2).RunAsync(trial =>
        {
            if (trial.Id.Number == 0) trial.Report(1, double.NaN);
            return 1;
        });

        Assert.AreEqual(TrialState.Failed, result.View.Trials[0].State);
    }

    [TestMethod]
    public async Task Run_WhenStepsDoNotGrow_FailsTheTrialWithTheRule()
    {
        var result = await Toy.Study().ForTrials(2).RunAsync(trial =>
        {
            trial.Report(2, 1);
            if (trial.Id.Number == 0) trial.Report(2, 1);
            return 1;
        });

        StringAssert.Contains(((TrialOutcome.Failed)result.View.Trials[0].Outcome!).Error.Message, "step 2 must be above the last one, 2");
    }

    [TestMethod]
    public async Task Run_WhenAGrowingLengthReportsOnTheWay_FailsTheTrialWithTheRemedy()
    {
        var error = await Assert.ThrowsExactlyAsync<StudyFailedException>(() => Toy.Study().ForTrials(3).WithLengths(9).UseHyperband().RunAsync(trial =>
        {
            for (var epoch = 1; epoch < trial.Budget; epoch++) trial.Report(epoch, 1);
            return 1;
        }));

        StringAssert.Contains(error.Message, "this trial goes on after step 1. One that begins anew, as with growing samples and lengths, reports its end alone.");
    }

    [TestMethod]
    public async Task Run_WhenAFailureMayPass_AttemptsTheTrialAgainWithTheSameRandomness()
    {
        var drawn = new List<double>();
        var result = await Toy.Study().ForTrials(2).RunAsync(trial =>
        {
            if (trial.Id.Number != 0) return 5;
            drawn.Add(trial.Random.NextDouble());
            trial.Report(1, 2);
            return drawn.Count < 3 ? throw new TimeoutException("try later") : 1;
        });

        Assert.HasCount(3, drawn);
        Assert.HasCount(1, drawn.Distinct().ToList());
        var trial = result.View.Trials[0];
        Assert.AreEqual(TrialState.Completed, trial.State);
        CollectionAssert.AreEqual(new[] { "try later", "try later" }, trial.FailedAttempts.Select(error => error.Message).ToArray());
        Assert.HasCount(1, trial.Reports);
    }

    [TestMethod]
    public async Task Run_WhenAFailureDoesNotPass_FailsAfterTheLastAttempt()
    {
        var attempts = 0;
        var result = await Toy.Study().ForTrials(2).RetryFailures(2, error => error is FormatException).RunAsync(trial =>
        {
            if (trial.Id.Number != 0) return 1;
            attempts++;
            throw new FormatException();
        });

        Assert.AreEqual(2, attempts);
        Assert.IsTrue(((TrialOutcome.Failed)result.View.Trials[0].Outcome!).IsRetryable);
    }

    [TestMethod]
    public async Task Run_WhenTheTunerThrows_TriesARandomConfigurationAndRecordsIt()
    {
        var journal = new KeptJournal();
        var result = await Toy.Study().UseTuner("broken", (_, _) => new BrokenTuner()).UseJournal(_ => journal).ForTrials(3).RunAsync(Toy.Value);

        Assert.AreEqual(3, result.View.CompletedCount);
        Assert.HasCount(3, journal.Events.OfType<TunerFailed>().ToList());
        Assert.IsTrue(result.View.Trials.All(trial => trial.Origin == "random"));
    }

    [TestMethod]
    [DataRow(1, "The tuner failed for trial 0, which was drawn at random: System.ArithmeticException: singular")]
    [DataRow(2, "The tuner failed for trial 0, which was drawn at random: System.ArithmeticException: singular (and for 1 more trial)")]
    [DataRow(5, "The tuner failed for trial 0, which was drawn at random: System.ArithmeticException: singular (and for 4 more trials)")]
    public async Task Run_WhenTheTunerThrows_WarnsOnce(int trials, string warning)
    {
        var result = await Toy.Study().UseTuner("broken", (_, _) => new BrokenTuner()).ForTrials(trials).RunAsync(Toy.Value);

        Assert.AreEqual(warning, result.Warnings.Single());
    }

    [TestMethod]
    public async Task Run_WhenTheTunerCannotBeMade_Warns()
    {
        var result = await Toy.Study().UseTuner("broken", (_, _) => throw new NotSupportedException("no choices,\nplease")).ForTrials(1).RunAsync(Toy.Value);

        Assert.AreEqual("The tuner failed for trial 0, which was drawn at random: System.NotSupportedException: no choices, please", result.Warnings.Single());
    }

    [TestMethod]
    public async Task Run_WhenAnOrphanKeepsEndingItsProcess_FailsItForGood()
    {
        var journal = new KeptJournal();
        await Toy.Study().ForTrials(1).UseJournal(_ => journal).RunAsync(Toy.Value);
        var cut = journal.CutAfter(2); // the study and the trial's start
        for (var opened = 0; opened < 4; opened++)
        {
            using var study = Toy.Study().UseJournal(_ => cut).Open();
            Assert.AreEqual(TrialState.Waiting, study.View.Trials[0].State);
            study.Ask();
            cut = cut.CutAfter(cut.Events.Count); // killed here, before it is told
        }

        using var last = Toy.Study().UseJournal(_ => cut).Open();
        Assert.AreEqual(TrialState.Failed, last.View.Trials[0].State);
        Assert.AreEqual("The process that evaluated it ended.", ((TrialOutcome.Failed)last.View.Trials[0].Outcome!).Error.Message);
    }

    [TestMethod]
    public async Task Run_KilledOnceWithoutRetries_EvaluatesTheTrialAgain()
    {
        var journal = new KeptJournal();
        await Toy.Study().ForTrials(1).UseJournal(_ => journal).RunAsync(Toy.Value);
        var cut = journal.CutAfter(2);
        var result = await Toy.Study().RetryFailures(1).ForTrials(3).UseJournal(_ => cut).RunAsync(Toy.Value);

        Assert.AreEqual(3, result.View.CompletedCount);
    }

    [TestMethod]
    public async Task Run_WhenAStopRuleThrows_InterruptsWhatRunsAndThrows()
    {
        var stopped = new TaskCompletionSource();
        await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => Toy.Study().WithSlots(2)
            .StopWhen((study, _) => study.FinishedCount > 0 ? throw new InvalidOperationException("broken rule") : null)
            .RunAsync(async (trial, token) =>
            {
                if (trial.Id.Number == 0) return 1;
                token.Register(() => stopped.TrySetResult());
                await Task.Delay(Timeout.Infinite, token);
                return 2;
            }));

        Assert.IsTrue(stopped.Task.IsCompleted);
    }

    private sealed class BrokenTuner : ITuner
    {
        public Proposal Ask(AskRequest request) => throw new ArithmeticException("singular");

        public void Tell(Trial trial) { }
    }
}
