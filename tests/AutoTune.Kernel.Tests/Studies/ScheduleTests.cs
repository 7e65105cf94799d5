using System.Collections.Immutable;
using AutoTune.Scheduling;

namespace AutoTune.Kernel.Tests.Studies;

[TestClass]
public sealed class ScheduleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("autotune-test-").FullName;
    private readonly Hyperparameter<double> _rate;
    private readonly SearchSpace _space;

    public ScheduleTests()
    {
        var builder = new SearchSpaceBuilder();
        _rate = builder.AddReal("rate", 0, 10);
        builder.Require("rate is below 9", configuration => configuration.Get(_rate) < 9);
        _space = builder.Build();
    }

    [TestMethod]
    public void Schedule_OfATrialThatNeverChanged_IsItsConfiguration()
    {
        var view = Fold(Started(0, 1));
        Assert.IsFalse(view.Trials[0].IsScheduled);
        Assert.AreEqual("from step 1 (trial 0): rate=1", view.Trials[0].Schedule.ToString());
        Assert.AreEqual(1, view.Trials[0].Schedule.At(99).Get(_rate));
    }

    [TestMethod]
    public void Schedule_ThroughCopies_FollowsTheWeightsNotTheTrial()
    {
        // Trial 1 takes over trial 0 after step 2; then trial 0 itself takes over trial 2, which must not change what trial 1 came from.
        var view = Fold(Started(0, 1), Started(1, 2), Started(2, 3), Reported(0, 2), Reported(1, 2), Reported(2, 4), Paused(0, 2), Paused(1, 2), Paused(2, 4),
            new TrialResumed(new TrialId(1), 6, new TrialId(0), Rate(1.5), "trial 0 is better"), new TrialResumed(new TrialId(0), 6, new TrialId(2)),
            Reported(1, 4), Paused(1, 4), new TrialResumed(new TrialId(1), 8, null, Rate(7)));
        var schedule = view.Trials[1].Schedule;
        Assert.AreEqual(string.Join(Environment.NewLine, "from step 1 (trial 0): rate=1", "from step 3 (trial 1): rate=1.5", "from step 5 (trial 1): rate=7"), schedule.ToString());
        Assert.AreEqual("trial 0 is better", schedule.Segments[1].Reason);
        Assert.AreSequenceEqual([1, 1, 1.5, 1.5, 7, 7], Enumerable.Range(1, 6).Select(step => schedule.At(step).Get(_rate)));
        Assert.AreEqual(string.Join(Environment.NewLine, "from step 1 (trial 2): rate=3", "from step 5 (trial 0): rate=1"), view.Trials[0].Schedule.ToString());
        Assert.AreEqual(4, view.Trials[0].PausedAtStep);
        Assert.AreEqual(7, view.Trials[1].Configuration.Get(_rate));
    }

    [TestMethod]
    public void Resume_FromATrialThatIsLessFar_DropsTheReportsThatComeAgain()
    {
        var view = Fold(Started(0, 1), Started(1, 2), Reported(0, 2), Reported(1, 2), Reported(1, 3), Paused(0, 2), Paused(1, 3), new TrialResumed(new TrialId(1), 6, new TrialId(0)));
        Assert.AreEqual(2, view.Trials[1].Reports.Single().Step);
        Assert.AreEqual(2, view.Trials[1].PausedAtStep);
    }

    [TestMethod]
    [DataRow(null, false, 6)]
    [DataRow(StepKind.Epochs, true, 6)]
    [DataRow(StepKind.Repeats, true, 6)]
    [DataRow(StepKind.Samples, true, 2 + 4 + 6)]
    [DataRow(StepKind.Lengths, true, 2 + 4 + 6)]
    public void StepsSpent_OfATrialThatWasPaused_CountsTrainingsThatBeginAnewInFull(StepKind? kind, bool canResume, int spent)
    {
        var view = Fold(kind is { } said ? new TrialSteps(6, said) { CanResume = canResume } : null, Started(0, 1), Reported(0, 2), Paused(0, 2), new TrialResumed(new TrialId(0), 4, null),
            Reported(0, 4), Paused(0, 4), new TrialResumed(new TrialId(0), 6, null), Reported(0, 6),
            new TrialFinished(new TrialId(0), new TrialOutcome.Completed(1, ImmutableSortedDictionary<string, double>.Empty)));
        Assert.AreEqual(spent, view.Trials[0].StepsSpent);
        Assert.AreEqual(spent, StudyView.Of(AutoTune.Studies.StudyFacts.Of(view, "", isSpaceDeclared: false)).Trials[0].StepsSpent);
    }

    [TestMethod]
    [DataRow(null, false, 3 + 1 + 4)]
    [DataRow(StepKind.Epochs, false, 3 + 1 + 4)]
    [DataRow(StepKind.Epochs, true, 4)]
    public void StepsSpent_OfATrialThatWasInterrupted_CountsWhatWasLost(StepKind? kind, bool canResume, int spent)
    {
        var view = Fold(kind is { } said ? new TrialSteps(6, said) { CanResume = canResume } : null, Started(0, 1), Reported(0, 1), Reported(0, 3), new TrialInterrupted(new TrialId(0), "cut"),
            new TrialRestarted(new TrialId(0)), Reported(0, 1), new TrialAttemptFailed(new TrialId(0), new TrialError("IO", "cut")), new TrialRestarted(new TrialId(0)), Reported(0, 2), Reported(0, 4));
        Assert.AreEqual(spent, view.Trials[0].StepsSpent);
    }

    [TestMethod]
    public void StepsSpent_OfATrialThatTookOverAnothersCheckpoint_AreItsOwn()
    {
        var view = Fold(new TrialSteps(9, StepKind.Epochs) { CanResume = true }, Started(0, 1), Started(1, 2), Reported(0, 4), Reported(1, 1), Reported(1, 2), Paused(0, 4), Paused(1, 2),
            new TrialResumed(new TrialId(1), 6, new TrialId(0)), Reported(1, 6));
        Assert.AreEqual(4, view.Trials[0].StepsSpent);
        Assert.AreEqual(2 + 2, view.Trials[1].StepsSpent);
    }

    [TestMethod]
    public void Facts_OfAStudyWithSchedules_FoldToTheSameSteps()
    {
        var view = Fold(Started(0, 1), Started(1, 2), Reported(0, 2), Reported(1, 2), Paused(0, 2), Paused(1, 2), new TrialResumed(new TrialId(1), 6, new TrialId(0), Rate(1.5), "why"),
            Reported(1, 4), new TrialFinished(new TrialId(1), new TrialOutcome.Completed(1, ImmutableSortedDictionary<string, double>.Empty)));
        var again = StudyView.Of(AutoTune.Studies.StudyFacts.Of(view, "", isSpaceDeclared: false));
        Assert.AreSequenceEqual(view.Trials[1].Schedule.Segments.Select(Essence), again.Trials[1].Schedule.Segments.Select(Essence));
        Assert.AreEqual(view.Trials[1].Configuration, again.Trials[1].Configuration);
        Assert.AreSequenceEqual(view.Trials[1].Reports, again.Trials[1].Reports);

        static string Essence(ScheduleSegment segment) => $"{segment.AfterStep}: {segment.Configuration} {segment.Reason}";
    }

    [TestMethod]
    public async Task UseSchedule_OfARecordedTrial_GivesTheSameLossWithEitherLoop()
    {
        var recorded = (await Study().UseScheduler(_ => new ChangeEveryTwo(_rate), ends: true).RunAsync(Train)).Best;
        Assert.HasCount(3, recorded.Schedule.Segments);
        var replayed = (await Study().UseSchedule(recorded.Schedule).RunAsync(Train)).Best;
        Assert.AreEqual(recorded.Loss, replayed.Loss);
        Assert.AreEqual(recorded.Schedule.ToString(), replayed.Schedule.ToString());
        Assert.AreSequenceEqual(recorded.Reports.Select(report => report.Loss), replayed.Reports.Select(report => report.Loss));
        var loss = 100.0;
        for (var step = 1; step <= 6; step++) loss = After(loss, recorded.Schedule.At(step).Get(_rate));
        Assert.AreEqual(recorded.Loss, loss);
    }

    [TestMethod]
    public async Task UseSchedule_OfAnotherSpace_SaysSo()
    {
        var other = new SearchSpaceBuilder();
        other.AddReal("rate", 0, 20);
        var schedule = (await Study().UseScheduler(_ => new ChangeEveryTwo(_rate), ends: true).RunAsync(Train)).Best.Schedule;
        var study = new StudyBuilder("replay").WithSearchSpace(other.Build()).WithEpochs(6, canResume: true).UseSchedule(schedule).SaveArtifactsIn(_folder);
        var error = await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => study.RunAsync(trial => { for (var step = 1; step <= trial.Budget; step++) trial.Report(step, 1); return 1; }));
        Assert.Contains("The schedule is one of another search space (first: the schedule's; second: this study's): 'rate' is from 0 to 10 in the first, from 0 to 20 in the second;", error.Message);
    }

    [TestMethod]
    [DataRow(StepKind.Lengths, "UseSchedule pauses the training where its schedule changes and goes on from its checkpoint, but growing lengths begin anew; say WithEpochs(6, canResume: true) if the objective goes on from its checkpoint.")]
    [DataRow(StepKind.Samples, "UseSchedule pauses the training where its schedule changes and goes on from its checkpoint, but growing samples begin anew; say WithEpochs(6, canResume: true) if the objective goes on from its checkpoint.")]
    [DataRow(StepKind.Epochs, "UseSchedule pauses the training where its schedule changes, but the study's 6 epochs were said without canResume; say WithEpochs(6, canResume: true) if the objective goes on from its checkpoint.")]
    public void UseSchedule_OfTrainingsThatDoNotGoOn_IsAProblemWhereItChanges(StepKind kind, string problem)
    {
        var steps = new TrialSteps(6, kind) { CanResume = kind != StepKind.Epochs };
        var changes = new TrialSchedule([new ScheduleSegment(0, Rate(1), new TrialId(0)), new ScheduleSegment(2, Rate(2), new TrialId(0))]);
        Assert.AreEqual(problem, Assert.ThrowsExactly<StudyDefinitionException>(() => Study().WithSteps(steps).UseSchedule(changes).Open()).Problems.Single());
        Study().WithSteps(steps).UseSchedule(new TrialSchedule([new ScheduleSegment(0, Rate(1), new TrialId(0))])).Open().Dispose();
    }

    [TestMethod]
    [DataRow(true, "The scheduler resumed trial 0 with a configuration of another space; make it from the view's.")]
    [DataRow(false, "The scheduler resumed trial 0 with (rate=9.5), which breaks the constraint 'rate is below 9'; ask SearchSpace.MeetsConstraints first.")]
    public async Task Run_ASchedulerThatChangesToWhatCannotBe_SaysSo(bool isForeign, string message)
    {
        var other = new SearchSpaceBuilder();
        other.AddReal("rate", 0, 10);
        var foreign = other.Build().Default;
        var study = Study().UseScheduler(_ => new ChangeTo(space => isForeign ? foreign : space.Encoding.Decode([0.95])), ends: true);
        Assert.AreEqual(message, (await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => study.RunAsync(Train))).Message);
    }

    [TestMethod]
    public async Task Run_AStudyThatDeclaresItsSpace_ReadsTheChangedValue()
    {
        var result = await new StudyBuilder("declared").SaveArtifactsIn(_folder).UseScheduler(_ => new ChangeTo(space => space.Encoding.Decode([0.25])), ends: true).RunAsync(trial =>
        {
            var x = trial.Real("x", 0, 1);
            for (var step = trial.ResumeAfterStep + 1; step <= 2; step++)
            {
                if (!trial.Report(step, x).IsContinue) break;
            }

            return x;
        });
        Assert.AreEqual(0.25, result.BestValue);
        Assert.AreEqual("x=0.25", result.Best.Schedule.Segments[1].Configuration.ToString());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static double After(double loss, double rate) => loss * 0.7 + rate;

    private double Train(ITrialContext trial)
    {
        var loss = 100.0;
        if (trial.ResumeAfterStep > 0)
        {
            using var read = new BinaryReader(trial.Artifacts.OpenCheckpoint());
            loss = read.ReadDouble();
        }

        for (var step = trial.ResumeAfterStep + 1; step <= Math.Min(6, trial.Budget ?? 6); step++)
        {
            loss = After(loss, trial.Configuration.Get(_rate));
            trial.Artifacts.WriteCheckpoint(step, file => file.Write(BitConverter.GetBytes(loss)));
            if (!trial.Report(step, loss).IsContinue) break;
        }

        return loss;
    }

    private StudyBuilder Study() => new StudyBuilder("schedules").WithSearchSpace(_space).WithEpochs(6, canResume: true).SaveArtifactsIn(_folder);

    private StudyView Fold(TrialSteps? steps, params StudyEvent[] facts) => StudyView.Of([new StudyCreated("x", 1, new Goal("loss", false), _space) { Steps = steps }, .. facts]);

    private StudyView Fold(params StudyEvent[] facts) => StudyView.Of([new StudyCreated("x", 1, new Goal("loss", false), _space), .. facts]);

    private Configuration Rate(double rate) => _space.Configure(set => set.Set(_rate, rate));

    private TrialStarted Started(int trial, double rate) => new(new TrialId(trial), Rate(rate), null, ImmutableSortedDictionary<string, string>.Empty, "");

    private static TrialReported Reported(int trial, int step) => new(new TrialReport(new TrialId(trial), step, trial));

    private static TrialPaused Paused(int trial, int step) => new(new TrialId(trial), step, "");

    private sealed class ChangeTo(Func<SearchSpace, Configuration> next) : IScheduler
    {
        public WorkOrder NextWork(StudyView study) => study.Trials.Count == 0 ? new WorkOrder.StartTrial()
            : study.Paused.IsEmpty ? new WorkOrder.Hold() : new WorkOrder.ResumeTrial(study.Paused[0], null, null, next(study.Space), "for a change");

        public Directive Judge(TrialReport report, StudyView study) => report.Step == 1 ? Directive.Pause("one is enough for now") : Directive.Continue;

        public void Observe(StudyEvent studyEvent) { }
    }

    private sealed class ChangeEveryTwo(Hyperparameter<double> rate) : IScheduler
    {
        public WorkOrder NextWork(StudyView study) => study.Trials.Count == 0 ? new WorkOrder.StartTrial()
            : study.Paused.IsEmpty ? new WorkOrder.Hold()
            : new WorkOrder.ResumeTrial(study.Paused[0], 6, null, study.Space.Configure(set => set.Set(rate, 0.1 * study[study.Paused[0]].PausedAtStep)), "for a change");

        public Directive Judge(TrialReport report, StudyView study) => report.Step is 2 or 4 ? Directive.Pause("a change is due") : Directive.Continue;

        public void Observe(StudyEvent studyEvent) { }
    }
}
