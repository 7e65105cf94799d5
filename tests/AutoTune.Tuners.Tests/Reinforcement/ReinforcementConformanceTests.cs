using AutoTune.Testing;
using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Reinforcement;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.Reinforcement;

[TestClass]
public sealed class ReinforcementConformanceTests
{
    public static IEnumerable<object[]> Laws =>
        from isWarm in new[] { false, true }
        from law in new Conformance(isWarm).Laws()
        select new object[] { isWarm ? "after earlier studies" : "alone", law };

    [TestMethod]
    [DynamicData(nameof(Laws))]
    public Task Tuner_UnderEachLaw_Conforms(string kind, Law law)
    {
        Assert.IsNotNull(kind);
        return law.Check();
    }

    private sealed class Conformance(bool isWarm) : TunerConformance
    {
        protected override int TrialsPerSpace => 16; // eight of the design, two improvements

        protected override ITuner Create(SearchSpace space, RandomSource random)
            => new ReinforcementTuner(space, new ReinforcementOptions { Earlier = isWarm ? [ReinforcementFixtures.Earlier(space, configuration => configuration.ToString().Length, 12, 1)] : [] }, random, new StudyLimits(null, null));
    }
}
