using AutoTune.Execution;
using AutoTune.Testing;
using AutoTune.Workers.Program;

namespace AutoTune.Kernel.Tests.Execution;

[TestClass]
public sealed class ExecutorConformanceTests
{
    public enum Fault { ThrowsFailures, ForgetsMetrics, SignOfReports, IgnoresDirectives, LosesBudget, ForgetsResume, OwnRandomness, NeverCancels, OneSlot, DiesOfFailure, HugeLossForFailure, CreatesFolder }

    public static IEnumerable<object[]> Laws =>
        from executor in new Conformance[]
        {
            new("in process", (objective, slots) => new InProcessExecutor(objective, slots)),
            new("in virtual time", (objective, slots) => new VirtualTimeExecutor(objective, new VirtualTime(), slots, (_, _) => TimeSpan.FromSeconds(1))),
            new("in worker processes", (_, slots) => WorkerRuns.Executor(ProgramStudies.Conformance, slots, "conformance")),
        }
        from law in executor.Laws()
        select new object[] { executor, law };

    [TestMethod]
    [DynamicData(nameof(Laws))]
    public Task Conformance_EachLaw_Holds(object executor, Law law)
    {
        Assert.IsNotNull(executor);
        return law.Check();
    }

    [TestMethod]
    [DataRow(Fault.ThrowsFailures, "An exception is the outcome Failed")]
    [DataRow(Fault.HugeLossForFailure, "A value that is NaN is the outcome Failed")]
    [DataRow(Fault.ForgetsMetrics, "Other metrics are kept as they are")]
    [DataRow(Fault.SignOfReports, "Reports arrive in order, as losses")]
    [DataRow(Fault.IgnoresDirectives, "A directive to stop ends the trial as stopped")]
    [DataRow(Fault.IgnoresDirectives, "A directive to pause ends the trial as paused")]
    [DataRow(Fault.LosesBudget, "The budget reaches the objective")]
    [DataRow(Fault.ForgetsResume, "The step to resume after reaches the objective")]
    [DataRow(Fault.OwnRandomness, "The same seed gives the trial the same randomness")]
    [DataRow(Fault.CreatesFolder, "The artifact directory is there when it is used, and not before")]
    [DataRow(Fault.NeverCancels, "Cancelling ends a running trial")]
    [DataRow(Fault.OneSlot, "There are as many slots as asked for, and each runs a trial")]
    [DataRow(Fault.DiesOfFailure, "An executor runs on after a failure")]
    public async Task Laws_AnExecutorWithAFault_AreBroken(Fault fault, string broken)
    {
        var law = new Conformance(fault.ToString(), (objective, slots) => new FaultyExecutor(fault, objective, slots)).Laws().Single(law => law.Name == broken);
        var error = await Assert.ThrowsExactlyAsync<ConformanceException>(law.Check);
        Assert.StartsWith(broken, error.Message);
    }

    private sealed class Conformance(string name, Func<IObjective, int, ITrialExecutor> create) : ExecutorConformance
    {
        public override string ToString() => name;

        protected override ITrialExecutor Create(IObjective objective, int slots) => create(objective, slots);
    }

    /// <summary>The in-process executor with one thing wrong.</summary>
    private sealed class FaultyExecutor(Fault fault, IObjective objective, int slots) : ITrialExecutor
    {
        private readonly InProcessExecutor _inner = new(objective, slots);
        private bool _hasFailed;

        public int Slots => fault == Fault.OneSlot ? 1 : slots;

        public async Task<TrialOutcome> ExecuteAsync(TrialAssignment assignment, IReportSink reports, CancellationToken cancellationToken)
        {
            if (fault == Fault.LosesBudget) assignment = assignment with { Budget = null };
            if (fault == Fault.ForgetsResume) assignment = assignment with { ResumeAfterStep = 0 };
            if (fault == Fault.OwnRandomness) assignment = assignment with { Seed = assignment.Seed + 1 };
            if (fault == Fault.CreatesFolder) Directory.CreateDirectory(assignment.ArtifactDirectory);
            if (fault == Fault.NeverCancels) return new TrialOutcome.Stopped(1, "cancelled");
            var outcome = await _inner.ExecuteAsync(assignment, new FaultySink(fault, reports), cancellationToken);
            ObjectDisposedException.ThrowIf(_hasFailed && fault == Fault.DiesOfFailure, this);
            _hasFailed = outcome is TrialOutcome.Failed;
            return (fault, outcome) switch
            {
                (Fault.ThrowsFailures, TrialOutcome.Failed failed) => throw new InvalidOperationException(failed.Error.Message),
                (Fault.HugeLossForFailure, TrialOutcome.Failed) => new TrialOutcome.Completed(double.MaxValue, new TrialValues(0).Metrics),
                (Fault.ForgetsMetrics, TrialOutcome.Completed completed) => completed with { Metrics = completed.Metrics.Clear() },
                _ => outcome,
            };
        }

        public ValueTask DisposeAsync() => _inner.DisposeAsync();
    }

    private sealed class FaultySink(Fault fault, IReportSink inner) : IReportSink
    {
        public Directive Report(TrialReport report)
        {
            var directive = inner.Report(fault == Fault.SignOfReports ? report with { Loss = -report.Loss } : report);
            return fault == Fault.IgnoresDirectives ? Directive.Continue : directive;
        }

        public double Declare(TrialId trial, HyperparameterDeclaration declaration) => inner.Declare(trial, declaration);
    }
}
