using BenchmarkDotNet.Attributes;

namespace AutoTune.Benchmarks;

/// <summary>What the study itself costs: five thousand trials of random search with five reports each, by where they are kept.</summary>
[MemoryDiagnoser]
public class StudyBenchmarks
{
    private const int Trials = 5000;

    [Params("memory", "sqlite")]
    public string Journal { get; set; } = "";

    [Params("10 reals", "conditional")]
    public string Space { get; set; } = "";

    [Benchmark(OperationsPerInvoke = Trials)]
    public int ReportingTrials()
    {
        var file = Path.Combine(Path.GetTempPath(), $"autotune-benchmark-{Environment.ProcessId}.db");
        var builder = new StudyBuilder("benchmark").WithSearchSpace(Space == "conditional" ? BenchmarkSpaces.Conditional() : BenchmarkSpaces.Continuous(10)).ForTrials(Trials);
        if (Journal == "sqlite") builder.SaveTo(file);
        using (var study = builder.Open())
        {
            while (study.Ask() is { } trial)
            {
                var loss = BenchmarkSpaces.Loss(trial.Configuration);
                for (var step = 1; step <= 5; step++) trial.Report(step, loss + 1.0 / step);
                study.Tell(trial, loss);
            }
        }

        foreach (var part in Directory.EnumerateFiles(Path.GetTempPath(), Path.GetFileName(file) + "*")) File.Delete(part);
        return Trials;
    }
}
