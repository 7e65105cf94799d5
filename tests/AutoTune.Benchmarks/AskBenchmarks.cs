using AutoTune.Benchmarks.Asks;
using BenchmarkDotNet.Attributes;

namespace AutoTune.Benchmarks;

/// <summary>How long a tuner thinks over one proposal, told trial included, by its history and the space.</summary>
[MemoryDiagnoser]
public class AskBenchmarks
{
    private AskedStudy _history = null!;
    private Study _study = null!;

    public static IEnumerable<string> Tuners => AskedStudy.Tuners.Select(tuner => tuner.Name);

    [ParamsSource(nameof(Tuners))]
    public string Tuner { get; set; } = "";

    [Params(25, 250, 1_000, 10_000)]
    public int History { get; set; }

    [Params("2 reals", "10 reals", "40 reals", "choices", "mixed", "conditional")]
    public string Space { get; set; } = "";

    [GlobalSetup]
    public void Remember() => _history = new AskedStudy(Space, History);

    // The first ask takes in the whole history; what is measured is the next one.
    [IterationSetup]
    public void Open() => _study = _history.Open(Tuner);

    [IterationCleanup]
    public void Cleanup() => _study.Dispose();

    [Benchmark]
    public Configuration AskAndTell() => AskedStudy.Step(_study);
}
