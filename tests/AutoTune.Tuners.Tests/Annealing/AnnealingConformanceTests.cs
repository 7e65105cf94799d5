using AutoTune.Testing;
using AutoTune.Tuners.Annealing;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.Annealing;

[TestClass]
public sealed class AnnealingConformanceTests
{
    public static IEnumerable<object[]> Laws => new Conformance(new(), 40).Laws().Select(law => new object[] { law });

    public static IEnumerable<object[]> OtherLaws => new Conformance(new() { InitialTrials = 1, RunLength = 5, InitialTemperature = 1 }, null).Laws().Select(law => new object[] { law });

    [TestMethod]
    [DynamicData(nameof(Laws))]
    [DynamicData(nameof(OtherLaws))]
    public Task Tuner_UnderEachLaw_Conforms(Law law) => law.Check();

    private sealed class Conformance(AnnealingOptions options, int? trials) : TunerConformance
    {
        protected override int TrialsPerSpace => 40;

        protected override ITuner Create(SearchSpace space, RandomSource random) => new AnnealingTuner(space, options, random, trials);
    }
}
