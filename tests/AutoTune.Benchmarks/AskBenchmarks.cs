using BenchmarkDotNet.Attributes;

namespace AutoTune.Benchmarks;

/// <summary>How long a tuner thinks over one proposal, told trial included, by its history and the space.</summary>
[MemoryDiagnoser]
public class AskBenchmarks
{
    private Study _study = null!;

    [Params("random", "quasi-random", "Bayesian", "CMA-ES", "TPE", "forest", "quantile boosting", "frugal", "reinforcement", "portfolio")]
    public string Tuner { get; set; } = "";

    [Params(25, 100, 400)]
    public int History { get; set; }

    [Params("2 reals", "10 reals", "conditional")]
    public string Space { get; set; } = "";

    [IterationSetup]
    public void Setup()
    {
        var space = Space switch
        {
            "2 reals" => BenchmarkSpaces.Continuous(2),
            "10 reals" => BenchmarkSpaces.Continuous(10),
            _ => BenchmarkSpaces.Conditional(),
        };
        // The history comes from random search, kept in a journal that the tuner's study then opens.
        var journal = new Journals.MemoryJournal();
        using (var past = new StudyBuilder("ask").WithSearchSpace(space).UseJournal(_ => journal).ForTrials(History).Open())
        {
            while (past.Ask() is { } trial) past.Tell(trial, BenchmarkSpaces.Loss(trial.Configuration));
        }

        var builder = new StudyBuilder("ask").WithSearchSpace(space).UseJournal(_ => journal);
        _study = (Tuner switch
        {
            "random" => builder.UseRandom(),
            "quasi-random" => builder.UseQuasiRandom(),
            "CMA-ES" => builder.UseCmaEs(),
            "TPE" => builder.UseTpe(),
            "forest" => builder.UseForest(),
            "frugal" => builder.UseFrugalSearch(),
            "reinforcement" => builder.UseReinforcement(),
            "portfolio" => builder.UsePortfolio(),
            "quantile boosting" => builder.UseQuantileBoosting(),
            _ => builder.UseBayesian(),
        }).Open();
        // The first ask takes in the whole history; what is measured is the next one.
        var first = _study.Ask()!;
        _study.Tell(first, BenchmarkSpaces.Loss(first.Configuration));
    }

    [IterationCleanup]
    public void Cleanup() => _study.Dispose();

    [Benchmark]
    public Configuration AskAndTell()
    {
        var trial = _study.Ask()!;
        _study.Tell(trial, BenchmarkSpaces.Loss(trial.Configuration));
        return trial.Configuration;
    }
}
