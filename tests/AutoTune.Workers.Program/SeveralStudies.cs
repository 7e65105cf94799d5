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

    /// <summary>Studies that declare their space in the objective, one of them with values that some trials do not read.</summary>
    public static async Task<int> RunDeclaringAsync()
    {
        var first = await ProgramStudies.Declaring.ForTrials(6).RunAsync(trial => WorkerProcess.IsCurrent ? throw new InvalidOperationException("evaluated again") : ProgramStudies.Declares(trial));
        Show(first);
        for (var round = 0; round < 2; round++)
        {
            // What the first read is the whole part of the value: a worker that has it otherwise is found out.
            var found = string.Join(' ', first.View.Trials.Select(trial => trial.Configuration));
            var next = await new StudyBuilder($"rate {round}").WithSeed(5).ForTrials(4).InWorkerProcesses(1)
                .RunAsync(trial => trial.Real("rate", 1e-5, 1e-1) + found.Length + (Environment.ProcessId == Parent ? 1000 : 0));
            if ((int)next.BestValue != found.Length) return 3;
            Show(next);
        }

        return 0;
    }

    private static int Parent { get; } = WorkerProcess.IsCurrent ? -1 : Environment.ProcessId;

    private static void Show(StudyResult result)
    {
        if (!WorkerProcess.IsCurrent) Console.WriteLine(FormattableString.Invariant($"{result.View.Name}: {string.Join(' ', result.View.Trials.Select(trial => trial.Loss))} {result.StopReason}"));
    }
}
