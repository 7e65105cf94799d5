namespace AutoTune.Workers.Program;

/// <summary>A program with several studies, some of one name, in this process and in workers: each worker passes the earlier ones.</summary>
internal static class SeveralStudies
{
    public static async Task<int> RunAsync()
    {
        var first = await ProgramStudies.Toy("first").ForTrials(4).RunAsync(Objective);
        Show(first);
        using (var own = ProgramStudies.Toy("own loop").ForTrials(2).Open())
        {
            while (own.Ask() is { } trial) own.Tell(trial, Objective(trial));
            Show(own.Result);
        }

        try
        {
            await ProgramStudies.Toy("failing").ForTrials(2).RunAsync(double (trial) => throw new InvalidOperationException("always"));
        }
        catch (StudyFailedException error)
        {
            if (!WorkerProcess.IsCurrent) Console.WriteLine(error.Message);
        }

        // What the second study searches depends on what the first found.
        for (var round = 0; round < 2; round++)
        {
            var next = await ProgramStudies.Toy("next").ForTrials(3).InWorkerProcesses(1)
                .RunAsync(trial => first.BestValue + trial.Random.NextDouble() + (Environment.ProcessId == Parent ? 1000 : 0));
            Show(next);
        }

        return 0;

        static double Objective(ITrialContext trial) => WorkerProcess.IsCurrent ? throw new InvalidOperationException("evaluated again") : trial.Random.NextDouble();
    }

    private static int Parent { get; } = WorkerProcess.IsCurrent ? -1 : Environment.ProcessId;

    private static void Show(StudyResult result)
    {
        if (!WorkerProcess.IsCurrent) Console.WriteLine(FormattableString.Invariant($"{result.View.Name}: {string.Join(' ', result.View.Trials.Select(trial => trial.Loss))} {result.StopReason}"));
    }
}
