using AutoTune.Execution;

namespace AutoTune.Testing;

/// <summary>The laws of <see cref="ITrialExecutor"/>. Inherit, say how one is made, and run each of <see cref="Laws"/> as a test.</summary>
public abstract class ExecutorConformance
{
    private static readonly Goal Minimize = new("loss", IsMaximized: false);
    private static readonly Goal Maximize = new("accuracy", IsMaximized: true);

    /// <summary>Makes an executor.</summary>
    /// <param name="objective">A <see cref="ConformanceObjective"/>; an executor of other processes has one of its own there.</param>
    /// <param name="slots">How many trials are to run at a time.</param>
    protected abstract ITrialExecutor Create(IObjective objective, int slots);

    /// <summary>The laws, each with its check.</summary>
    public IEnumerable<Law> Laws()
    {
        yield return Law.Of("A value completes the trial, as a loss", async () =>
        {
            await Expect("value", new TrialOutcome.Completed(0.25, new TrialValues(0).Metrics)).ConfigureAwait(false);
            await Expect("value", new TrialOutcome.Completed(-0.25, new TrialValues(0).Metrics), goal: Maximize).ConfigureAwait(false);
        });
        yield return Law.Of("Other metrics are kept as they are", () =>
            Expect("metrics", new TrialOutcome.Completed(-0.25, new TrialValues(0).Metrics.Add("other", 7).Add("more", double.NaN)), goal: Maximize));
        yield return Law.Of("A gradient is that of the loss", async () =>
        {
            var completed = new TrialOutcome.Completed(0.25, new TrialValues(0).Metrics);
            await Expect("gradient", completed with { Gradient = new TrialValues(0).WithGradient("value", 1.5).Gradient }).ConfigureAwait(false);
            await Expect("gradient", completed with { Loss = -0.25, Gradient = new TrialValues(0).WithGradient("value", -1.5).Gradient }, goal: Maximize).ConfigureAwait(false);
        });
        yield return Law.Of("An exception is the outcome Failed", () => ExpectFailure("throws", nameof(NotSupportedException), "This was to be expected."));
        yield return Law.Of("An exception after an await is the outcome Failed", () => ExpectFailure("throws later", nameof(NotSupportedException), "This was to be expected."));
        yield return Law.Of("A value that is NaN is the outcome Failed", () => ExpectFailure("NaN", nameof(NonFiniteValueException), "NaN"));
        yield return Law.Of("A value that is infinite is the outcome Failed", () => ExpectFailure("infinity", nameof(NonFiniteValueException), "-Infinity"));
        yield return Law.Of("A report that is NaN is the outcome Failed", () => ExpectFailure("reports NaN", nameof(NonFiniteValueException), "NaN"));
        yield return Law.Of("No value is the outcome Failed", () => ExpectFailure("null", "", "null"));
        yield return Law.Of("A step that does not grow is the outcome Failed", () => ExpectFailure("steps back", nameof(ArgumentOutOfRangeException), "step 2 must be above the last one"));
        yield return Law.Of("Reports arrive in order, as losses", ReportsArrive);
        yield return Law.Of("A directive to stop ends the trial as stopped", () => DirectiveIsHeeded("reports", Directive.Stop("enough"), new TrialOutcome.Stopped(3, "enough")));
        yield return Law.Of("A directive to pause ends the trial as paused", () => DirectiveIsHeeded("reports", Directive.Pause("later"), new TrialOutcome.Paused(3, "later")));
        yield return Law.Of("An objective may unwind by an exception when told to stop", () => DirectiveIsHeeded("unwinds", Directive.Stop("enough"), new TrialOutcome.Stopped(3, "enough")));
        yield return Law.Of("Reports after a stop go nowhere", () => DirectiveIsHeeded("reports on", Directive.Stop("enough"), new TrialOutcome.Stopped(3, "enough")));
        yield return Law.Of("The budget reaches the objective", async () =>
        {
            await Expect("budget", new TrialOutcome.Completed(9, new TrialValues(0).Metrics), change: assignment => assignment with { Budget = 9 }).ConfigureAwait(false);
            await Expect("budget", new TrialOutcome.Completed(-1, new TrialValues(0).Metrics)).ConfigureAwait(false);
        });
        yield return Law.Of("The step to resume after reaches the objective", () =>
            Expect("resumes", new TrialOutcome.Completed(4, new TrialValues(0).Metrics), change: assignment => assignment with { ResumeAfterStep = 4 }));
        yield return Law.Of("The same seed gives the trial the same randomness", () =>
            Expect("random", new TrialOutcome.Completed(new RandomSource(77).NextDouble(), new TrialValues(0).Metrics), change: assignment => assignment with { Seed = 77 }));
        yield return Law.Of("The artifact directory is there when it is used, and not before", ArtifactDirectoryIsThere);
        yield return Law.Of("Cancelling ends a running trial", CancellingEndsATrial);
        yield return Law.Of("A trial that is cancelled before it starts does not run", CancelledBeforeItStarts);
        yield return Law.Of("There are as many slots as asked for, and each runs a trial", SlotsRunTrials);
        yield return Law.Of("An executor runs on after a failure", RunsOnAfterAFailure);
    }

    private async Task Expect(string behaviour, TrialOutcome expected, Goal? goal = null, Func<TrialAssignment, TrialAssignment>? change = null)
    {
        var outcome = await Run(Assign(behaviour, goal, change), new Sink()).ConfigureAwait(false);
        Demand.That(outcome.Equals(expected), $"The outcome was to be {expected}, but is {outcome}.");
    }

    private async Task ExpectFailure(string behaviour, string type, string message)
    {
        var outcome = await Run(Assign(behaviour), new Sink()).ConfigureAwait(false);
        Demand.That(outcome is TrialOutcome.Failed, $"The outcome was to be a failure, but is {outcome}.");
        var error = ((TrialOutcome.Failed)outcome).Error;
        Demand.That(error.Type.EndsWith(type, StringComparison.Ordinal) && error.Message.Contains(message, StringComparison.Ordinal),
            $"The error was to be a {type} that says '{message}', but is {error}.");
    }

    private async Task ReportsArrive()
    {
        foreach (var (goal, sign) in new[] { (Minimize, 1), (Maximize, -1) })
        {
            var sink = new Sink();
            await Run(Assign("reports", goal), sink).ConfigureAwait(false);
            var expected = Enumerable.Range(1, 5).Select(step => new TrialReport(new TrialId(7), step, sign * (0.25 + step)));
            Demand.That(sink.Reports.SequenceEqual(expected), $"The reports were {string.Join(", ", sink.Reports)}.");
        }

        var resumed = new Sink();
        await Run(Assign("reports", change: assignment => assignment with { ResumeAfterStep = 3, Budget = 6 }), resumed).ConfigureAwait(false);
        Demand.That(resumed.Reports.Select(report => report.Step).SequenceEqual([4, 5, 6]), $"After step 3, up to a budget of 6, the reports were {string.Join(", ", resumed.Reports)}.");
    }

    private async Task DirectiveIsHeeded(string behaviour, Directive directive, TrialOutcome expected)
    {
        var sink = new Sink { Answer = report => report.Step == 3 ? directive : Directive.Continue };
        var outcome = await Run(Assign(behaviour), sink).ConfigureAwait(false);
        Demand.That(outcome.Equals(expected), $"The outcome was to be {expected}, but is {outcome}.");
        Demand.That(sink.Reports.Count == 3, $"Three reports were to arrive, but there were {sink.Reports.Count}.");
    }

    private async Task ArtifactDirectoryIsThere()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"autotune-conformance-{Environment.ProcessId}");
        try
        {
            await Run(Assign("value", change: assignment => assignment with { ArtifactDirectory = folder }), new Sink()).ConfigureAwait(false);
            Demand.That(!Directory.Exists(folder), $"The folder was made although the trial never asked for it.");
            await Run(Assign("artifact", change: assignment => assignment with { ArtifactDirectory = folder }), new Sink()).ConfigureAwait(false);
            Demand.That(File.Exists(Path.Combine(folder, "left-behind.txt")), $"What the trial left in its artifact directory is not there.");
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    private async Task CancellingEndsATrial()
    {
        using var cancellation = new CancellationTokenSource();
        var sink = new Sink
        {
            Answer = report =>
            {
                if (report.Step == 3) cancellation.Cancel();
                return Directive.Continue;
            },
        };
        await DemandCancelled(Assign("until cancelled"), sink, cancellation.Token).ConfigureAwait(false);
    }

    private async Task CancelledBeforeItStarts()
    {
        var sink = new Sink();
        await DemandCancelled(Assign("until cancelled"), sink, new CancellationToken(canceled: true)).ConfigureAwait(false);
        Demand.That(sink.Reports.Count == 0, $"It reported {sink.Reports.Count} times.");
    }

    private async Task DemandCancelled(TrialAssignment assignment, Sink sink, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await Run(assignment, sink, cancellationToken).ConfigureAwait(false);
            throw new ConformanceException($"A cancelled trial was to end by OperationCanceledException, but gave {outcome}.");
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task SlotsRunTrials()
    {
        foreach (var slots in new[] { 1, 3 })
        {
            var executor = Create(new ConformanceObjective(), slots);
            await using (executor.ConfigureAwait(false))
            {
                Demand.That(executor.Slots == slots, $"Of {slots} slots there are {executor.Slots}.");
                var sink = new Sink();
                var tasks = Enumerable.Range(0, slots)
                    .Select(i => executor.ExecuteAsync(Assign("reports", change: assignment => assignment with { Trial = new TrialId(i) }), sink, CancellationToken.None)).ToList();
                executor.OnStudyWaits(() => tasks.TrueForAll(task => task.IsCompleted));
                await Task.WhenAll(tasks).ConfigureAwait(false);
                for (var i = 0; i < slots; i++)
                {
                    var steps = sink.Reports.Where(report => report.Trial.Number == i).Select(report => report.Step);
                    Demand.That(steps.SequenceEqual([1, 2, 3, 4, 5]), $"Of {slots} trials that were started together, trial {i} reported the steps {string.Join(", ", steps)}.");
                }
            }
        }
    }

    private async Task RunsOnAfterAFailure()
    {
        var executor = Create(new ConformanceObjective(), 1);
        await using (executor.ConfigureAwait(false))
        {
            foreach (var (behaviour, succeeds) in new[] { ("throws", false), ("value", true), ("NaN", false), ("reports", true) })
            {
                var outcome = await Run(executor, Assign(behaviour), new Sink(), CancellationToken.None).ConfigureAwait(false);
                Demand.That(outcome is TrialOutcome.Completed == succeeds, $"'{behaviour}' gave {outcome}.");
            }
        }
    }

    private async Task<TrialOutcome> Run(TrialAssignment assignment, Sink sink, CancellationToken cancellationToken = default)
    {
        var executor = Create(new ConformanceObjective(), 1);
        await using (executor.ConfigureAwait(false)) return await Run(executor, assignment, sink, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<TrialOutcome> Run(ITrialExecutor executor, TrialAssignment assignment, Sink sink, CancellationToken cancellationToken)
    {
        var task = executor.ExecuteAsync(assignment, sink, cancellationToken);
        executor.OnStudyWaits(() => task.IsCompleted);
        return await task.ConfigureAwait(false);
    }

    private static TrialAssignment Assign(string behaviour, Goal? goal = null, Func<TrialAssignment, TrialAssignment>? change = null)
    {
        var assignment = new TrialAssignment(new TrialId(7), ConformanceObjective.Configure(behaviour), goal ?? Minimize, null, 0, 1, Path.Combine(Path.GetTempPath(), "autotune-conformance-unused"));
        return change?.Invoke(assignment) ?? assignment;
    }

    private sealed class Sink : IReportSink
    {
        private readonly Lock _lock = new();

        public List<TrialReport> Reports { get; } = [];

        public Func<TrialReport, Directive> Answer { get; init; } = _ => Directive.Continue;

        public Directive Report(TrialReport report)
        {
            lock (_lock) Reports.Add(report);
            return Answer(report);
        }

        public double Declare(TrialId trial, HyperparameterDeclaration declaration) => throw new NotSupportedException();
    }
}
