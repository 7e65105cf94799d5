using AutoTune.Testing;
using AutoTune.Tuners.Generative;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.Generative;

[TestClass]
public sealed class GenerativeConformanceTests
{
    public static IEnumerable<object[]> Laws => new Conformance().Laws().Select(law => new object[] { law });

    [TestMethod]
    [DynamicData(nameof(Laws))]
    public Task Tuner_UnderEachLaw_Conforms(Law law) => law.Check();

    private sealed class Conformance : TunerConformance
    {
        protected override int TrialsPerSpace => 16;

        protected override ITuner Create(SearchSpace space, RandomSource random) => new GenerativeTuner(space, new() { InitialTrials = 6, StepsPerTrial = 3 }, random);
    }
}
