using AutoTune.Testing;
using AutoTune.Tuners.CmaEs;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.CmaEs;

[TestClass]
public sealed class CmaEsConformanceTests
{
    public static IEnumerable<object[]> Laws => new Conformance(new()).Laws().Select(law => new object[] { law });

    public static IEnumerable<object[]> SmallGenerationLaws
        => new Conformance(new() { PopulationSize = 4, Start = CmaEsStart.Default, Restarts = CmaEsRestarts.Ipop }).Laws().Select(law => new object[] { law });

    [TestMethod]
    [DynamicData(nameof(Laws))]
    [DynamicData(nameof(SmallGenerationLaws))]
    public Task Tuner_UnderEachLaw_Conforms(Law law) => law.Check();

    private sealed class Conformance(CmaEsOptions options) : TunerConformance
    {
        protected override int TrialsPerSpace => 40;

        protected override ITuner Create(SearchSpace space, RandomSource random) => new CmaEsTuner(space, options, random);
    }
}
