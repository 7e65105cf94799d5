using AutoTune.Testing;
using AutoTune.Tuners.GradientDescent;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.GradientDescent;

[TestClass]
public sealed class GradientDescentConformanceTests
{
    public static IEnumerable<object[]> Laws =>
        from starts in new[] { 1, 3 }
        from reports in new[] { true, false }
        from law in new Conformance(starts, reports).Laws()
        select new object[] { $"{starts} starts, {(reports ? "gradients" : "no gradients")}", law };

    [TestMethod]
    [DynamicData(nameof(Laws))]
    public Task Tuner_UnderEachLaw_Conforms(string kind, Law law)
    {
        Assert.IsNotNull(kind);
        return law.Check();
    }

    private sealed class Conformance(int starts, bool reports) : TunerConformance
    {
        protected override bool ReportsGradients => reports;

        protected override ITuner Create(SearchSpace space, RandomSource random)
            => new GradientDescentTuner(space, new GradientDescentOptions { Starts = starts }, random);
    }
}
