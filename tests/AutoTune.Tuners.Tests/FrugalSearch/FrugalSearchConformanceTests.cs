using AutoTune.Testing;
using AutoTune.Tuners.FrugalSearch;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.FrugalSearch;

[TestClass]
public sealed class FrugalSearchConformanceTests
{
    public static IEnumerable<object[]> Laws =>
        from form in new[] { FrugalForm.Blend, FrugalForm.Local }
        from isMeasured in new[] { false, true }
        from law in new Conformance(form, isMeasured).Laws()
        select new object[] { $"{form}, {(isMeasured ? "measured" : "a trial costs 1")}", law };

    [TestMethod]
    [DynamicData(nameof(Laws))]
    public Task Tuner_UnderEachLaw_Conforms(string kind, Law law)
    {
        Assert.IsNotNull(kind);
        return law.Check();
    }

    private sealed class Conformance(FrugalForm form, bool isMeasured) : TunerConformance
    {
        protected override ITuner Create(SearchSpace space, RandomSource random)
            => new FrugalSearchTuner(space, new FrugalSearchOptions { Form = form }, isMeasured, random);
    }
}
