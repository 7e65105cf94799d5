using AutoTune.Testing;
using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.GaussianProcess;

[TestClass]
public sealed class GaussianProcessConformanceTests
{
    public static IEnumerable<object[]> Laws => from reports in new[] { false, true } from law in new Conformance(reports).Laws() select new object[] { reports ? "gradients" : "no gradients", law };

    [TestMethod]
    [DynamicData(nameof(Laws))]
    public Task Tuner_UnderEachLaw_Conforms(string kind, Law law)
    {
        Assert.IsNotNull(kind);
        return law.Check();
    }

    private sealed class Conformance(bool reports) : TunerConformance
    {
        protected override bool ReportsGradients => reports;

        protected override ITuner Create(SearchSpace space, RandomSource random) => new GaussianProcessTuner(space, new GaussianProcessOptions(), random);
    }
}
