using AutoTune.Testing;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.Portfolio;

[TestClass]
public sealed class PortfolioConformanceTests
{
    public static IEnumerable<object[]> Laws => new Conformance().Laws().Select(law => new object[] { law });

    [TestMethod]
    [DynamicData(nameof(Laws))]
    public Task Tuner_UnderEachLaw_Conforms(Law law) => law.Check();

    private sealed class Conformance : TunerConformance
    {
        protected override int TrialsPerSpace => 60; // fifty are the first member's

        protected override ITuner Create(SearchSpace space, RandomSource random) => PortfolioExtensions.Create(space, random, new StudyBuilder("conformance"));
    }
}
