using System.Diagnostics;
using System.Globalization;
using AutoTune.Execution;
using AutoTune.Kernel.Tests.Studies;
using AutoTune.Workers.Program;

namespace AutoTune.Kernel.Tests.Execution;

[TestClass]
public sealed class WorkerProcessTests
{
    [ClassCleanup]
    public static void DeleteFolders() => WorkerRuns.DeleteFolders();

    [TestMethod]
    [DataRow(false, "mixed")]
    [DataRow(true, "declaring")]
    public async Task Run_InOneWorker_GivesTheJournalOfARunInThisProcess(bool declares, string program)
    {
        StudyBuilder Study(KeptJournal journal) => (declares ? ProgramStudies.Declaring : ProgramStudies.Toy()).ForTrials(20).UseJournal(_ => journal);
        Task Run(StudyBuilder study) => declares ? study.RunAsync(ProgramStudies.Declares) : study.RunAsync(ProgramStudies.Mixed);
        var (here, there) = (new KeptJournal(), new KeptJournal());
        await Run(Study(here));
        await Run(WorkerRuns.InPlace(Study(there)).InWorkerProcesses(1, WorkerRuns.Options(program)));

        Assert.AreSequenceEqual(here.Events.Select(Essence).ToList(), there.Events.Select(Essence).ToList());

        static string Essence(StudyEvent fact) => fact is TrialFinished { Outcome: TrialOutcome.Failed failed } // its stack differs
            ? Toy.Essence(((TrialFinished)fact) with { Outcome = failed with { Error = failed.Error with { Details = "" } } })
            : fact is TrialFinished { Outcome: TrialOutcome.Completed completed } ? $"{Toy.Essence(fact)} {string.Join(' ', completed.Metrics)}" : Toy.Essence(fact);
    }

    [TestMethod]
    public async Task Run_WhenTheSchedulerStops_TheObjectiveHearsOfIt()
    {
        var result = await WorkerRuns.InPlace(ProgramStudies.Toy()).ForTrials(3).UseScheduler(_ => new StopAt(2)).InWorkerProcesses(1, WorkerRuns.Options("mixed")).RunAsync(ProgramStudies.Mixed);

        Assert.AreEqual(3, result.View.StoppedCount);
        Assert.IsTrue(result.View.Trials.All(trial => trial.Reports.Count == 2));
    }

    [TestMethod]
    [DataRow("aborts", "The worker process that evaluated it ended with exit code 134 (SIGABRT: aborted).", "to be expected")]
    [DataRow("aborts in native code", "The worker process that evaluated it ended with exit code 134 (SIGABRT: aborted): shapes cannot be multiplied (3x4 and 5x6).", "frame #99")]
    [DataRow("exits", "The worker process that evaluated it ended with exit code 3.", "about to exit")]
    [DataRow("is killed", "The worker process that evaluated it ended with exit code 137 (SIGKILL: killed, by a user or for lack of memory).", "")]
    public async Task Run_WhenAWorkerEnds_TheAttemptFailsAndTheTrialIsTriedAgain(string behaviour, string message, string wrote)
    {
        if (OperatingSystem.IsWindows()) Assert.Inconclusive("skipped: no exit codes of signals on Windows");
        var seen = new AttemptTimes();
        var result = await WorkerRuns.Toy(behaviour, workers: 2, change: study => study.Observe(seen));

        Assert.AreEqual(4, result.View.CompletedCount);
        var error = result.View.Trials.Single(trial => !trial.FailedAttempts.IsEmpty).FailedAttempts.Single();
        Assert.AreEqual(typeof(WorkerProcessException).FullName, error.Type);
        Assert.AreEqual(message, error.Message);
        Assert.Contains(wrote, error.Details);
        Assert.IsLessThan(30, seen.SecondsToRetry, "the bar is 2 s, on a machine that has nothing else to do");
    }

    [TestMethod]
    [DataRow("numbers")]
    [DataRow("exiting numbers")]
    public async Task Run_InTwoWorkers_EachHasANumberOfItsOwn(string behaviour)
    {
        var result = await WorkerRuns.Toy(behaviour, workers: 2, trials: 2);

        Assert.AreSequenceEqual(new[] { 0.0, 1.0 }, result.View.Trials.Select(trial => result.View.Goal.Flip(trial.Loss!.Value)).Order().ToArray());
        Assert.IsNull(WorkerProcess.Number);
    }

    [TestMethod]
    public async Task Run_WhenEveryAttemptEndsItsWorker_TheTrialFails()
    {
        var error = await Assert.ThrowsExactlyAsync<StudyFailedException>(() => WorkerRuns.Toy("always exits", change: study => study.RetryFailures(2).StopAfterFailuresInARow(2)));

        Assert.AreEqual("Study 'toy' ended without a value: 2 trials in a row failed; the first error was: AutoTune.WorkerProcessException: "
            + "The worker process that evaluated it ended with exit code 3. Correct that and run it again.", error.Message);
        Assert.AreEqual(2, error.View.FailedCount);
        Assert.HasCount(1, error.View.Trials[0].FailedAttempts);
    }

    [TestMethod]
    [DataRow("hangs")]
    [DataRow("waits")]
    public async Task Run_WhenATrialTakesTooLong_ItFailsAndTheRestGoesOn(string behaviour)
    {
        var result = await WorkerRuns.Toy(behaviour, options: same => same with { TrialTimeLimit = TimeSpan.FromSeconds(1) });

        Assert.AreEqual(3, result.View.CompletedCount);
        var failed = (TrialOutcome.Failed)result.View.Trials[1].Outcome!;
        Assert.AreEqual("AutoTune.TrialLimitException: It took longer than the limit of 1 s a trial and was ended; raise WorkerOptions.TrialTimeLimit, or narrow the space where trials are slow.", failed.Error.ToString());
    }

    [TestMethod]
    public async Task Run_WhenATrialTakesTooMuchMemory_ItIsTriedAgainInAFreshProcess()
    {
        var result = await WorkerRuns.Toy("allocates", options: same => same with { MemoryLimit = 400 << 20 });

        Assert.AreEqual(4, result.View.CompletedCount);
        var error = result.View.Trials[1].FailedAttempts.Single();
        Assert.AreEqual(typeof(TrialLimitException).FullName, error.Type);
        Assert.MatchesRegex(@"^Its process came to \d+ MB of memory, beyond the limit of 400 MB, and was ended; it had evaluated 1 trials before\. Raise ", error.Message);
    }

    [TestMethod]
    public async Task Run_WhenAFreshProcessTakesTooMuchMemory_TheTrialFails()
    {
        var error = await Assert.ThrowsExactlyAsync<StudyFailedException>(() => WorkerRuns.Toy("always allocates", trials: 1, options: same => same with { MemoryLimit = 400 << 20 }));

        Assert.IsEmpty(error.View.Trials[0].FailedAttempts);
        Assert.MatchesRegex(@"^Its process came to \d+ MB of memory, beyond the limit of 400 MB, and was ended\. Raise ", ((TrialOutcome.Failed)error.View.Trials[0].Outcome!).Error.Message);
    }

    [TestMethod]
    public async Task Run_WhenAnExceptionMayPass_TheWorkerSaysSo()
    {
        var result = await WorkerRuns.Toy("retryable");

        Assert.AreEqual(4, result.View.CompletedCount);
        Assert.AreEqual("System.IO.IOException: may pass", result.View.Trials[1].FailedAttempts.Single().ToString());
    }

    [TestMethod]
    [DataRow("waits")]
    [DataRow("hangs")]
    public async Task Run_WhenCancelled_EndsSoonAndTheTrialIsInterrupted(string behaviour)
    {
        using var cancellation = new CancellationTokenSource();
        var result = await WorkerRuns.Toy(behaviour, cancellationToken: cancellation.Token, change: study => study.Observe(new OnStart(1, cancellation.Cancel)));

        Assert.AreEqual(1, result.View.CompletedCount);
        Assert.AreEqual(TrialState.Waiting, result.View.Trials[1].State);
    }

    [TestMethod]
    public async Task Run_WhatTrialsPrint_IsInTheirArtifacts()
    {
        var folder = WorkerRuns.NewFolder();
        await WorkerRuns.Toy("prints", trials: 3, change: study => study.SaveArtifactsIn(folder));

        for (var i = 0; i < 3; i++)
        {
            var lines = await File.ReadAllLinesAsync(Path.Combine(folder, $"trial-{i:D5}", "console.txt"));
            string[] expected = OperatingSystem.IsLinux() ? [$"error of trial {i}", $"native of trial {i}", $"out of trial {i}"] : [$"error of trial {i}", $"out of trial {i}"];
            Assert.AreSequenceEqual(expected, lines.Order(StringComparer.Ordinal).ToArray());
        }
    }

    [TestMethod]
    public async Task Run_WhenTheProgramIsNotThere_SaysSo()
    {
        var error = await Assert.ThrowsExactlyAsync<WorkerProcessException>(() => WorkerRuns.Toy("", options: same => same with { Program = "nowhere/tuner" }));

        Assert.AreEqual("Worker processes cannot be started: WorkerOptions.Program 'nowhere/tuner' is not there. Name the program that reaches the study in WorkerOptions.Program, "
            + "or run the trials in this process: WorkerOptions.RunInProcess = true, or the environment variable AUTOTUNE_IN_PROCESS=1.", error.Message);
    }

    [TestMethod]
    public async Task Run_WhenThisProgramRunsTests_SaysSo()
    {
        var error = await Assert.ThrowsExactlyAsync<WorkerProcessException>(() => WorkerRuns.Toy("", options: same => same with { Program = null }));

        Assert.StartsWith("Worker processes cannot be started: this program runs tests (", error.Message);
    }

    [TestMethod]
    public async Task Run_WhenTheProgramReachesNoStudy_SaysHowItEndedAndWhatItWrote()
    {
        var journal = new KeptJournal();
        var error = await Assert.ThrowsExactlyAsync<WorkerProcessException>(() => WorkerRuns.Toy("", options: same => same with { Arguments = ["no study"] }, change: study => study.UseJournal(_ => journal)));

        Assert.MatchesRegex(@"^Worker processes cannot be started: '.* no study' was started as a worker, but ended with exit code 7 before it reached study 'toy'\. Name .*\. The program wrote last:\nnothing to tune here$", error.Message);
        Assert.AreEqual(0, StudyView.Of(journal.Events).FailedCount); // the trial is not to blame
        Assert.HasCount(1, StudyView.Of(journal.Events).Waiting);
    }

    [TestMethod]
    public async Task Run_WhenTheProgramDoesNotReachTheStudyInTime_SaysSo()
    {
        var error = await Assert.ThrowsExactlyAsync<WorkerProcessException>(() => WorkerRuns.Toy("", options: same => same with { Arguments = ["no end"], StartTimeLimit = TimeSpan.FromSeconds(1) }));

        Assert.MatchesRegex(@"was started as a worker, but has not reached study 'toy' after 1 s\.", error.Message);
    }

    [TestMethod]
    public async Task Run_WhenTheProgramReachesAStudyOfAnotherDefinition_SaysHowItDiffers()
    {
        var error = await Assert.ThrowsExactlyAsync<WorkerProcessException>(() => WorkerRuns.Toy("", options: same => same with { Arguments = ["another seed"] }));

        Assert.AreEqual("The worker process reached another study 'toy': here it has [seed 5], there [seed 6]; "
            + "what the program does before the study must not depend on the time, on random numbers or on which process it is.", error.Message);
    }

    [TestMethod]
    public async Task Run_InProcessAfterAll_WarnsUnlessTheOptionsSaySo()
    {
        var result = await ProgramStudies.Toy().ForTrials(2).InWorkerProcesses(2, new WorkerOptions { RunInProcess = true }).RunAsync(ProgramStudies.Mixed);

        Assert.AreEqual(2, result.View.CompletedCount);
        Assert.IsEmpty(result.Warnings);
    }

    [TestMethod]
    public async Task Program_WithSeveralStudies_ItsWorkersPassTheEarlierOnes()
    {
        using var program = WorkerRuns.Start("several studies");
        var (output, errors) = (program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());
        await program.WaitForExitAsync();

        Assert.AreEqual(0, program.ExitCode, await errors);
        var lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(5, lines, await output);
        Assert.StartsWith("next: ", lines[3]);
        Assert.AreEqual(lines[3], lines[4]); // same seed, same trials
    }

    [TestMethod]
    public async Task Program_WithSeveralStudiesThatDeclareTheirSpace_ItsWorkersPassTheEarlierOnes()
    {
        using var program = WorkerRuns.Start("declaring studies");
        var (output, errors) = (program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());
        await program.WaitForExitAsync();

        Assert.AreEqual(0, program.ExitCode, await errors);
        var lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(3, lines, await output);
        Assert.StartsWith("declaring: ", lines[0]);
        Assert.StartsWith("rate 0: ", lines[1]);
        Assert.AreEqual(lines[1].Replace("rate 0", "rate 1", StringComparison.Ordinal), lines[2]); // same seed, same trials
    }

    [TestMethod]
    public async Task Program_WhenItIsKilled_ItsWorkersEndToo()
    {
        var folder = WorkerRuns.NewFolder();
        using var program = WorkerRuns.Start("tells", folder);
        try
        {
            var files = await WorkerRuns.Until(() => Directory.GetFiles(folder, "process", SearchOption.AllDirectories) is { Length: 2 } all ? all : null, "that two workers run");
            var workers = files.Select(file => Process.GetProcessById(int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture))).ToList();
            program.Kill(); // alone
            foreach (var worker in workers)
            {
                using (worker) Assert.IsTrue(worker.WaitForExit(TimeSpan.FromSeconds(30)), "a worker outlived its parent");
            }
        }
        finally
        {
            program.Kill(entireProcessTree: true);
        }
    }

    [TestMethod]
    public void InWorkerProcesses_OptionsOutOfTheirRange_AreRefused()
    {
        Assert.Contains("WorkerOptions.TrialTimeLimit is 00:00:00; it must be above 0, or null for none.",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ProgramStudies.Toy().InWorkerProcesses(1, new WorkerOptions { TrialTimeLimit = TimeSpan.Zero })).Message);
        var error = Assert.ThrowsExactly<StudyDefinitionException>(() => ProgramStudies.Toy().ForTrials(1).InWorkerProcesses(0).Open());
        Assert.AreEqual("Study 'toy': worker processes 0 must be at least 1; leave InWorkerProcesses out to run trials in this process.", error.Message);
    }

    private sealed class OnStart(int trial, Action action) : IStudyObserver
    {
        public void OnEvent(StudyEvent studyEvent, StudyView study)
        {
            if (studyEvent is TrialStarted started && started.Trial.Number == trial) action();
        }
    }

    private sealed class AttemptTimes : IStudyObserver
    {
        private DateTimeOffset _failed;

        public double SecondsToRetry { get; private set; }

        public void OnEvent(StudyEvent studyEvent, StudyView study)
        {
            if (studyEvent is TrialAttemptFailed) _failed = studyEvent.At;
            if (studyEvent is TrialFinished { Trial.Number: 1 }) SecondsToRetry = (studyEvent.At - _failed).TotalSeconds;
        }
    }

    private sealed class StopAt(int step) : AutoTune.Scheduling.IScheduler
    {
        public AutoTune.Scheduling.WorkOrder NextWork(StudyView study) => new AutoTune.Scheduling.WorkOrder.StartTrial();

        public Directive Judge(TrialReport report, StudyView study) => report.Step >= step ? Directive.Stop("far enough") : Directive.Continue;

        public void Observe(StudyEvent studyEvent) { }
    }
}
