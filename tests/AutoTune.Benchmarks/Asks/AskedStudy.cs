using AutoTune.Journals;

namespace AutoTune.Benchmarks.Asks;

/// <summary>A study with a history, to be asked for more: what <see cref="AskBenchmarks"/> and <see cref="AskTable"/> measure.</summary>
/// <remarks>The history comes from random search, kept as facts that the tuner's study then opens.</remarks>
internal sealed class AskedStudy
{
    private readonly SearchSpace _space;
    private readonly List<StudyEvent> _facts;

    public AskedStudy(string space, int history)
    {
        _space = BenchmarkSpaces.Of(space);
        var journal = new MemoryJournal();
        using (var past = Builder(journal).ForTrials(history).Open())
        {
            for (var i = 0; i < history; i++) Step(past);
        }

        _facts = [.. journal.Read()];
    }

    /// <summary>Every tuner, and the verb that chooses it.</summary>
    public static IReadOnlyList<(string Name, Func<StudyBuilder, StudyBuilder> Use)> Tuners { get; } =
    [
        ("random", study => study.UseRandom()),
        ("quasi-random", study => study.UseQuasiRandom()),
        ("Bayesian", study => study.UseBayesian()),
        ("portfolio", study => study.UsePortfolio()),
        ("TPE", study => study.UseTpe()),
        ("forest", study => study.UseForest()),
        ("quantile boosting", study => study.UseQuantileBoosting()),
        ("CMA-ES", study => study.UseCmaEs()),
        ("frugal", study => study.UseFrugalSearch()),
        ("genetic", study => study.UseGenetic()),
        ("annealing", study => study.UseAnnealing()),
        ("particle swarm", study => study.UseParticleSwarm()),
        ("differential evolution", study => study.UseDifferentialEvolution()),
        ("reinforcement", study => study.UseReinforcement()),
        ("generative", study => study.UseGenerative()),
    ];

    /// <summary>Opens it with a tuner that has taken in the history: what comes is the next ask.</summary>
    public Study Open(string tuner)
    {
        var journal = new MemoryJournal();
        foreach (var fact in _facts) journal.Append(fact);
        var study = Tuners.First(known => known.Name == tuner).Use(Builder(journal)).Open();
        Step(study);
        return study;
    }

    public static Configuration Step(Study study)
    {
        var trial = study.Ask()!;
        study.Tell(trial, BenchmarkSpaces.Loss(trial.Configuration));
        return trial.Configuration;
    }

    private StudyBuilder Builder(MemoryJournal journal) => new StudyBuilder("ask").WithSearchSpace(_space).UseJournal(_ => journal);
}
