using System.Collections.Immutable;
using AutoTune.Quality.Problems;
using AutoTune.Tuners.FrugalSearch;

namespace AutoTune.Quality.Measuring;

/// <summary>The tuners that can be measured, each with its default settings. A new one is one line.</summary>
internal static class TunerTable
{
    private static readonly ImmutableArray<(string Name, Func<StudyBuilder, StudyBuilder> Use)> Tuners =
    [
        ("random", study => study.UseRandom()),
        ("quasi-random", study => study.UseQuasiRandom()),
        ("bayesian", study => study.UseBayesian()),
        ("cma-es", study => study.UseCmaEs()),
        ("tpe", study => study.UseTpe()),
        ("forest", study => study.UseForest()),
        ("frugal", study => study.UseFrugalSearch()),
        ("frugal-local", study => study.UseFrugalSearch(new() { Form = FrugalForm.Local })),
        ("portfolio", study => study.UsePortfolio()),
        ("quantile-boosting", study => study.UseQuantileBoosting()),
        ("genetic", study => study.UseGenetic()),
        ("annealing", study => study.UseAnnealing()),
        ("particle-swarm", study => study.UseParticleSwarm()),
        ("differential-evolution", study => study.UseDifferentialEvolution()),
        ("hybrid", study => study.UseHybrid()),
        ("reinforcement", study => study.UseReinforcement()),
        ("generative", study => study.UseGenerative()),
    ];

    /// <summary>All names.</summary>
    public static ImmutableArray<string> Names => [.. Tuners.Select(tuner => tuner.Name)];

    /// <summary>Sets the tuner of this name.</summary>
    public static StudyBuilder Use(this StudyBuilder study, string name) => Tuners.First(tuner => tuner.Name == name).Use(study);

    /// <summary>The names, or all if none is given.</summary>
    /// <exception cref="ProblemException">One is unknown.</exception>
    public static ImmutableArray<string> Choose(ImmutableArray<string> names)
    {
        foreach (var unknown in names.Where(name => !Names.Contains(name)))
            throw new ProblemException($"There is no tuner '{unknown}'; known are {string.Join(", ", Names)}.");
        return names.IsEmpty ? Names : names;
    }
}
