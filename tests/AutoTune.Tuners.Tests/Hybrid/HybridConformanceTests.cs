using AutoTune.Testing;
using AutoTune.Tuners.Hybrid;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.Hybrid;

[TestClass]
public sealed class HybridConformanceTests
{
    private static readonly (string Name, Func<SearchSpace, HybridPlan> Plan)[] Plans =
    [
        ("default", HybridPlan.For),
        ("short stages", _ => HybridPlan.Empty.Start(s => s.UseQuasiRandom(), HandOver.After(4)).Then(s => s.UseTpe(), HandOver.Stuck(3).Or(HandOver.After(8))).Alternate(s => s.UseCmaEs(), s => s.UseTpe())),
        ("by record, with a hybrid inside", _ => HybridPlan.Empty.Bandit(s => s.UseForest(), s => s.UseHybrid(h => h.Start(i => i.UseRandom(), HandOver.After(3)).Then(i => i.UseCmaEs())), s => s.UseCmaEs())),
    ];

    public static IEnumerable<object[]> Laws => Plans.SelectMany(plan => new Conformance(plan.Plan).Laws().Select(law => new object[] { plan.Name, law }));

    [TestMethod]
    [DynamicData(nameof(Laws))]
    public Task Tuner_UnderEachLaw_Conforms(string plan, Law law)
    {
        Assert.IsNotNull(plan);
        return law.Check();
    }

    private sealed class Conformance(Func<SearchSpace, HybridPlan> plan) : TunerConformance
    {
        protected override ITuner Create(SearchSpace space, RandomSource random) => HybridExtensions.Create(plan(space), space, random, new StudyBuilder("conformance").ForTrials(20));
    }
}
