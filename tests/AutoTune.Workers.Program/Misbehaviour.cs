using System.Runtime.InteropServices;

namespace AutoTune.Workers.Program;

/// <summary>Objectives that do what native code, memory and other processes do to a trial.</summary>
public static class Misbehaviour
{
    /// <summary>Evaluates a trial, and misbehaves in the first attempt at trial 1.</summary>
    public static double Evaluate(string behaviour, ITrialContext trial, CancellationToken cancellationToken)
    {
        if (behaviour == "prints") Print(trial);
        if (behaviour == "tells") Tell(trial);
        if (behaviour.EndsWith("numbers", StringComparison.Ordinal)) return Number(trial, behaviour.StartsWith("exiting", StringComparison.Ordinal), cancellationToken);
        if (behaviour.StartsWith("always ", StringComparison.Ordinal)) Misbehave(behaviour[7..], cancellationToken);
        if (trial.Id.Number == 1 && IsFirst(trial)) Misbehave(behaviour, cancellationToken);
        return trial.Random.NextDouble();
    }

    private static bool IsFirst(ITrialContext trial)
    {
        var mark = Path.Combine(trial.ArtifactDirectory, "attempted");
        if (File.Exists(mark)) return false;
        File.WriteAllText(mark, "");
        return true;
    }

    private static void Misbehave(string behaviour, CancellationToken cancellationToken)
    {
        switch (behaviour)
        {
            case "aborts":
                Environment.FailFast("to be expected");
                break;
            case "aborts in native code":
                Console.Error.WriteLine("terminate called after throwing an instance of 'c10::Error'\n  what():  shapes cannot be multiplied (3x4 and 5x6)");
                for (var i = 0; i < 100; i++) Console.Error.WriteLine($"frame #{i}: <unknown function> + 0x383ea58 (in /usr/lib/libtorch_cpu.so)");
                Environment.FailFast("");
                break;
            case "exits":
                Console.WriteLine("about to exit");
                Environment.Exit(3);
                break;
            case "is killed":
                using (var current = System.Diagnostics.Process.GetCurrentProcess()) current.Kill();
                break;
            case "hangs":
                using (var never = new ManualResetEvent(false)) never.WaitOne();
                break;
            case "waits":
                cancellationToken.WaitHandle.WaitOne();
                cancellationToken.ThrowIfCancellationRequested();
                break;
            case "allocates":
                List<byte[]> all = [];
                while (true)
                {
                    all.Add(new byte[8 << 20]);
                    Array.Fill(all[^1], (byte)1);
                }

            case "retryable":
                throw new IOException("may pass");
        }
    }

    private static void Print(ITrialContext trial)
    {
        Console.WriteLine($"out of {trial.Id}");
        Console.Error.WriteLine($"error of {trial.Id}");
        if (OperatingSystem.IsLinux()) _ = puts($"native of {trial.Id}");
    }

    /// <summary>The worker's number, once another trial runs in another worker; the first attempt at trial 1 may end its worker then, and the second follows while trial 0 runs.</summary>
    private static double Number(ITrialContext trial, bool exits, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(trial.ArtifactDirectory))!;
        while (Directory.GetDirectories(folder).Length < 2) cancellationToken.WaitHandle.WaitOne(10);
        if (exits && trial.Id.Number == 1)
        {
            if (IsFirst(trial)) Environment.Exit(3);
            File.WriteAllText(Path.Combine(folder, "second attempt"), "");
        }

        while (exits && !File.Exists(Path.Combine(folder, "second attempt"))) cancellationToken.WaitHandle.WaitOne(10);
        return WorkerProcess.Number ?? throw new InvalidOperationException("This is no worker.");
    }

    /// <summary>Leaves the process's id where a test finds it, and hangs.</summary>
    private static void Tell(ITrialContext trial)
    {
        var file = Path.Combine(trial.ArtifactDirectory, "process");
        File.WriteAllText(file + ".part", Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
        File.Move(file + ".part", file, overwrite: true);
        using var never = new ManualResetEvent(false);
        never.WaitOne();
    }

    [DllImport("libc", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int puts([MarshalAs(UnmanagedType.LPStr)] string text);
}
