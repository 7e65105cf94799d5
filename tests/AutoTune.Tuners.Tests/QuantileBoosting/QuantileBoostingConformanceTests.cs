using AutoTune.Testing;
using AutoTune.Tuners.QuantileBoosting;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.QuantileBoosting;

[TestClass]
public sealed class QuantileBoostingConformanceTests
{
    public static IEnumerable<object[]> Laws => new Conformance().Laws().Select(law => new object[] { law });

    [TestMethod]
    [DynamicData(nameof(Laws))]
    public Task Tuner_UnderEachLaw_Conforms(Law law) => law.Check();

    private sealed class Conformance : TunerConformance
    {
        protected override ITuner Create(SearchSpace space, RandomSource random) => new QuantileBoostingTuner(space, new QuantileBoostingOptions(), random);
    }
}
