using AutoTune.Execution;
using AutoTune.Journals;
using AutoTune.Scheduling;
using AutoTune.Testing;

namespace AutoTune.Kernel.Tests.Simulation;

[TestClass]
public sealed class SteppedObjectiveTests
{
    private static readonly SearchSpaceBuilder Builder = new();
    private static readonly Hyperparameter<double> X = Builder.AddReal("x", 0, 1);
    private static readonly SearchSpace Space = Builder.Build();

    [TestMethod]
    public async Task RunAsync_PlayedOrRunOnThreads_GivesTheSameJournalToTheTick()
    {
        var curve = new Curve();
        foreach (var (slots, scheduler) in new (int, IScheduler)[] { (1, new PauseAtSteps(4)), (7, new PauseAtSteps(4)), (7, new StopsAbove(0.5)) })
        {
            var played = await JournalOf(curve, slots, scheduler);
            Assert.IsGreaterThan(200, played.Length);
            Assert.AreSequenceEqual(await JournalOf(new Hidden(curve), slots, scheduler), played);
        }
    }

    [TestMethod]
    public async Task RunAsync_CurveThatSkipsItsBudget_IsReportedThereByEither()
    {
        var played = await JournalOf(new OddSteps(), new KeptFacts());
        Assert.AreSequenceEqual(await JournalOf(new Hidden(new OddSteps()), new KeptFacts()), played);

        async Task<string[]> JournalOf(IObjective objective, KeptFacts journal)
        {
            var result = await Study().WithEpochs(10, canResume: true).UseAsha(new AshaOptions { Form = AshaForm.Promotion, MinBudget = 2, Reduction = 2 }).ForTrials(20)
                .UseJournal(_ => journal).UseVirtualTime(new VirtualTime(), slots: 3, (configuration, step) => TimeSpan.FromSeconds(1 + 100 * configuration.Get(X) + step % 3)).RunAsync(objective);
            foreach (var trial in result.View.Trials.Where(trial => trial.State == TrialState.Completed)) Assert.AreEqual(10, trial.LastReport!.Value.Step);
            return [.. journal.Read().Select(EventWriter.Write)];
        }
    }

    [TestMethod]
    public async Task RunAsync_MaximizedMetric_KeepsTheSign()
    {
        var result = await Study().Maximize("accuracy").ForTrials(20).UseVirtualTime(new VirtualTime()).RunAsync(new Curve());
        Assert.AreEqual(result.View.Trials.Max(trial => trial.Configuration.Get(X)), result.View.BestValue!.Value, 1e-12);
    }

    [TestMethod]
    public async Task RunAsync_NoMoreStepsThanNeeded_AreFetched()
    {
        var curve = new Curve();
        var result = await Study().ForTrials(30).UseScheduler(_ => new StopsAbove(0.5)).UseVirtualTime(new VirtualTime(), slots: 3).RunAsync(curve);
        Assert.IsGreaterThan(0, result.View.StoppedCount);
        Assert.AreEqual(result.View.Trials.Sum(trial => trial.Reports.Count), curve.Fetched);
    }

    [TestMethod]
    [DataRow("nan", "NaN at step 1 after step 0; values must be finite, and steps must grow.")]
    [DataRow("backwards", "0.5 at step 2 after step 2; values must be finite, and steps must grow.")]
    [DataRow("none", "there was no report, and so there is no value; give one step at least.")]
    [DataRow("throws", "the curve is lost")]
    public async Task RunAsync_BrokenCurves_FailTheTrialAndSayWhy(string kind, string message)
    {
        var study = Study().ForTrials(2).UseVirtualTime(new VirtualTime());
        var error = await Assert.ThrowsExactlyAsync<StudyFailedException>(() => study.RunAsync(new Broken(kind)));
        Assert.AreEqual(2, error.View.FailedCount);
        StringAssert.Contains(((TrialOutcome.Failed)error.View.Trials[0].Outcome!).Error.Message, message, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task RunAsync_CancelledInTheMiddle_InterruptsWhatRuns()
    {
        using var cancellation = new CancellationTokenSource();
        var time = new VirtualTime();
        var curve = new Curve { OnFetch = fetched => { if (fetched == 25) cancellation.Cancel(); } };
        var result = await Study().UseVirtualTime(time, slots: 3).RunAsync(curve, cancellation.Token);
        Assert.AreEqual("it was cancelled", result.StopReason);
        Assert.IsEmpty(result.View.Running);
        Assert.AreEqual(25, curve.Fetched);
    }

    private static StudyBuilder Study() => new StudyBuilder("played").WithSearchSpace(Space);

    private static async Task<string[]> JournalOf(IObjective objective, int slots, IScheduler scheduler)
    {
        var journal = new KeptFacts();
        await Study().ForTrials(60).UseJournal(_ => journal).UseScheduler(_ => scheduler)
            .UseVirtualTime(new VirtualTime(), slots, (configuration, step) => TimeSpan.FromSeconds(1 + 100 * configuration.Get(X) + step % 3))
            .RunAsync(objective);
        return [.. journal.Read().Select(EventWriter.Write)];
    }

    /// <summary>Ten steps towards x.</summary>
    private sealed class Curve : ISteppedObjective
    {
        public int Fetched { get; private set; }

        public Action<int>? OnFetch { get; init; }

        public IEnumerable<(int Step, double Value)> Steps(TrialId trial, Configuration configuration, int afterStep, int? budget)
        {
            for (var step = afterStep + 1; step <= Math.Min(10, budget ?? 10); step++)
            {
                Fetched++;
                OnFetch?.Invoke(Fetched);
                yield return (step, configuration.Get(X) * (2 - step / 10.0));
            }
        }
    }

    private sealed class OddSteps : ISteppedObjective
    {
        public IEnumerable<(int Step, double Value)> Steps(TrialId trial, Configuration configuration, int afterStep, int? budget)
            => Enumerable.Range(afterStep + 1, Math.Min(10, budget ?? 10) - afterStep).Where(step => step % 2 == 1).Select(step => (step, configuration.Get(X) + 1.0 / step));
    }

    /// <summary>The same as an objective that is none of those.</summary>
    private sealed class Hidden(IObjective inner) : IObjective
    {
        public ValueTask<TrialValues> EvaluateAsync(ITrialContext trial, CancellationToken cancellationToken) => inner.EvaluateAsync(trial, cancellationToken);
    }

    private sealed class Broken(string kind) : ISteppedObjective
    {
        public IEnumerable<(int Step, double Value)> Steps(TrialId trial, Configuration configuration, int afterStep, int? budget)
        {
            if (kind == "none") yield break;
            if (kind == "nan") yield return (1, double.NaN);
            if (kind == "throws") throw new InvalidOperationException("the curve is lost");
            yield return (2, 0.5);
            yield return (2, 0.5);
        }
    }

    private sealed class StopsAbove(double loss) : IScheduler
    {
        public WorkOrder NextWork(StudyView study) => new WorkOrder.StartTrial();

        public Directive Judge(TrialReport report, StudyView study) => report.Step >= 3 && report.Loss > loss ? Directive.Stop("too high") : Directive.Continue;

        public void Observe(StudyEvent studyEvent) { }
    }
}
