using AutoTune.Testing;
using AutoTune.Tuners.DifferentialEvolution;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.DifferentialEvolution;

[TestClass]
public sealed class DifferentialEvolutionConformanceTests
{
    public static IEnumerable<object[]> Laws => new Conformance(new(), 40).Laws().Select(law => new object[] { law });

    public static IEnumerable<object[]> OtherLaws => new Conformance(new() { PopulationSize = 4, ArchiveRate = 0, BestShare = 1 }, null).Laws().Select(law => new object[] { law });

    [TestMethod]
    [DynamicData(nameof(Laws))]
    [DynamicData(nameof(OtherLaws))]
    public Task Tuner_UnderEachLaw_Conforms(Law law) => law.Check();

    private sealed class Conformance(DifferentialEvolutionOptions options, int? trials) : TunerConformance
    {
        protected override int TrialsPerSpace => 40;

        protected override ITuner Create(SearchSpace space, RandomSource random) => new DifferentialEvolutionTuner(space, options, random, trials);
    }
}
