using AutoTune.Testing;
using AutoTune.Tuners.ParticleSwarm;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.ParticleSwarm;

[TestClass]
public sealed class ParticleSwarmConformanceTests
{
    public static IEnumerable<object[]> Laws => new Conformance(new(), 40).Laws().Select(law => new object[] { law });

    public static IEnumerable<object[]> OtherLaws => new Conformance(new() { Particles = 3, Informed = 1 }, null).Laws().Select(law => new object[] { law });

    [TestMethod]
    [DynamicData(nameof(Laws))]
    [DynamicData(nameof(OtherLaws))]
    public Task Tuner_UnderEachLaw_Conforms(Law law) => law.Check();

    private sealed class Conformance(ParticleSwarmOptions options, int? trials) : TunerConformance
    {
        protected override int TrialsPerSpace => 40;

        protected override ITuner Create(SearchSpace space, RandomSource random) => new ParticleSwarmTuner(space, options, random, trials);
    }
}
