using System.Globalization;
using AutoTune.Execution;
using AutoTune.Journals;

namespace AutoTune.Faults;

/// <summary>Runs one study and tells its parent, line by line, what must not be lost from then on.</summary>
internal static class Child
{
    public const string Study = "faulty", Begun = "begun", Finished = "finished", Ended = "ended", Refused = "refused";

    /// <summary>The trial of a behaviour that ends its process.</summary>
    public const int FatalTrial = 3;

    public static void Run(ChildTask task)
    {
        Console.WriteLine(Begun);
        var study = new StudyBuilder(Study).Minimize("loss").WithSeed(7).WithSlots(task.Slots).ForTrials(task.Trials).StopAfterFailuresInARow(100)
            .SaveTo(task.File, task.Behaviour == Behaviour.Confirmed ? Durability.PowerLoss : Durability.ProcessCrash).Observe(new Teller());
        if (task.Behaviour != Behaviour.Declared) study.WithSearchSpace(Space());
        if (task.Behaviour == Behaviour.Pausing) study.UseScheduler(_ => new PauseOnce(task.Trials));
        if (task.Behaviour == Behaviour.KilledWorkers) study.RetryFailures(20); // one trial may be hit more than once
        if (task.HasWorkers)
        {
            study.InWorkerProcesses(task.Slots, new WorkerOptions
            {
                TrialTimeLimit = task.Behaviour == Behaviour.Hangs ? TimeSpan.FromSeconds(1) : null,
                GraceTime = TimeSpan.FromSeconds(0.5),
                MemoryLimit = task.Behaviour == Behaviour.Allocates ? 400_000_000 : null,
            });
        }

        try
        {
            var result = study.RunAsync(trial => Evaluate(trial, task.Behaviour)).GetAwaiter().GetResult();
            foreach (var warning in result.Warnings) Console.WriteLine($"warning {warning}");
            Console.WriteLine($"{Ended} {result.StopReason}");
        }
        catch (JournalException error)
        {
            Console.WriteLine($"{Refused} {error.Message}");
        }
    }

    private static SearchSpaceBuilder Space()
    {
        var space = new SearchSpaceBuilder();
        space.AddReal("x", 0, 1);
        var kind = space.AddCategorical("kind", ["a", "b"]);
        space.AddReal("rate", 1e-5, 1, Scale.Log, activeWhen: kind.Is("a"));
        space.AddInteger("n", 1, 1000);
        return space;
    }

    private static double Evaluate(ITrialContext trial, Behaviour behaviour)
    {
        switch (behaviour)
        {
            case Behaviour.Declared when trial.Categorical("kind", "a", "b") == "a":
                trial.Real("x", 0, 1);
                break;
            case Behaviour.Declared:
                trial.Integer("n", 1, 1000);
                break;
            case Behaviour.Throws when trial.Id.Number % 3 == 0:
                throw new InvalidOperationException("the data have a hole");
            case Behaviour.NotANumber when trial.Id.Number % 3 == 0:
                return double.NaN;
            case Behaviour.Exits or Behaviour.ExitsWorker when trial.Id.Number == FatalTrial:
                Environment.Exit(3);
                break;
            case Behaviour.Aborts or Behaviour.AbortsWorker when trial.Id.Number == FatalTrial:
                Environment.FailFast(null);
                break;
            case Behaviour.Hangs when trial.Id.Number == FatalTrial:
                new ManualResetEventSlim().Wait();
                break;
            case Behaviour.Allocates when trial.Id.Number == FatalTrial:
                for (var taken = new List<byte[]>(); ;) taken.Add([.. Enumerable.Repeat((byte)1, 10_000_000)]);
        }

        var loss = trial.Random.NextDouble();
        if (trial.ResumeAfterStep > 0) DemandCheckpoint(trial);
        var steps = behaviour == Behaviour.Floods ? 100_000 : 5;
        for (var step = trial.ResumeAfterStep + 1; step <= steps; step++)
        {
            if (behaviour is not (Behaviour.Quick or Behaviour.Floods)) Task.Delay(1).Wait();
            if (trial.Report(step, loss + 1.0 / step).IsContinue) continue;
            trial.Artifacts.WriteCheckpoint(step, file => file.Write(Mark(trial)));
            break;
        }

        return loss;
    }

    private static void DemandCheckpoint(ITrialContext trial)
    {
        using var checkpoint = trial.Artifacts.OpenCheckpoint();
        var bytes = new byte[Mark(trial).Length];
        checkpoint.ReadExactly(bytes);
        if (!bytes.AsSpan().SequenceEqual(Mark(trial))) throw new InvalidOperationException($"{trial.Id} has another trial's checkpoint.");
    }

    /// <summary>Large enough for a kill to come in the middle of it.</summary>
    private static byte[] Mark(ITrialContext trial) => [.. Enumerable.Repeat((byte)trial.Id.Number, 100_000)];

    /// <summary>Tells of each trial that ended: an observer hears of it when the journal has it.</summary>
    private sealed class Teller : IStudyObserver
    {
        public void OnEvent(StudyEvent studyEvent, StudyView study)
        {
            if (studyEvent is TrialFinished finished) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Finished} {finished.Sequence} {finished.Trial.Number}"));
        }
    }
}
