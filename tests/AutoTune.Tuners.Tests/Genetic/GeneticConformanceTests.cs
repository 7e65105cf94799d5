using AutoTune.Testing;
using AutoTune.Tuners.Genetic;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.Genetic;

[TestClass]
public sealed class GeneticConformanceTests
{
    public static IEnumerable<object[]> Laws => new Conformance(new(), 40).Laws().Select(law => new object[] { law });

    public static IEnumerable<object[]> OtherLaws => new Conformance(new() { PopulationSize = 4, Replacement = GeneticReplacement.Oldest, CrossoverRate = 0.5 }, null).Laws().Select(law => new object[] { law });

    [TestMethod]
    [DynamicData(nameof(Laws))]
    [DynamicData(nameof(OtherLaws))]
    public Task Tuner_UnderEachLaw_Conforms(Law law) => law.Check();

    private sealed class Conformance(GeneticOptions options, int? trials) : TunerConformance
    {
        protected override int TrialsPerSpace => 40;

        protected override ITuner Create(SearchSpace space, RandomSource random) => new GeneticTuner(space, options, random, trials);
    }
}
