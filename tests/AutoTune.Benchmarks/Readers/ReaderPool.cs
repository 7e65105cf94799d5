using System.Diagnostics;
using System.Globalization;

namespace AutoTune.Benchmarks.Readers;

/// <summary>Processes beside the writer, started once: what their start costs is none of what reading costs.</summary>
internal sealed class ReaderPool : IDisposable
{
    private readonly List<Process> _processes = [];

    public ReaderPool(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
            if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
            start.ArgumentList.Add("reader");
            _processes.Add(Process.Start(start)!);
        }
    }

    /// <summary>Each does it once a period, one after another within the period.</summary>
    /// <param name="company">What they do; nothing if it has no period.</param>
    /// <param name="detail">The file to follow, or how many milliseconds to burn each time.</param>
    public void Begin(Company company, string detail)
    {
        for (var i = 0; i < _processes.Count; i++)
            Tell(i, string.Create(CultureInfo.InvariantCulture, $"{(company.Reads ? "follow" : "burn")} {company.Period} {company.Period * (i + 1.0) / _processes.Count} {detail}"));
    }

    public PoolUse End()
    {
        for (var i = 0; i < _processes.Count; i++) Tell(i, "stop");
        var answers = _processes.Select(process => process.StandardOutput.ReadLine()!.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray()).ToList();
        return new PoolUse(answers.Sum(answer => answer[0]), answers.Sum(answer => answer[1]), answers.Min(answer => answer[2]));
    }

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.StandardInput.Close();
            process.WaitForExit();
            process.Dispose();
        }
    }

    private void Tell(int process, string line)
    {
        _processes[process].StandardInput.WriteLine(line);
        _processes[process].StandardInput.Flush();
    }
}

/// <summary>Who is there while a study writes.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Reads">Whether they read; else they take as much processor time as the readers before them took.</param>
/// <param name="Period">How many milliseconds lie between two polls; 0 if nobody is there.</param>
internal sealed record Company(string Name, bool Reads, int Period)
{
    public static readonly Company Nobody = new("nobody", Reads: false, Period: 0);
}

/// <summary>What the processes did, all together.</summary>
/// <param name="Polls">How often they read or burnt.</param>
/// <param name="Milliseconds">Their processor time.</param>
/// <param name="Facts">How many facts the one that read fewest has.</param>
internal sealed record PoolUse(double Polls, double Milliseconds, double Facts);
