using AutoTune.Testing;
using AutoTune.Tuning;

namespace AutoTune.Kernel.Tests.Tuning;

[TestClass]
public sealed class KernelTunerConformanceTests
{
    public static IEnumerable<object[]> Laws =>
        from tuner in new Conformance[] { new("random", (space, _) => new RandomTuner(space)), new("grid", (space, _) => new GridTuner(space, 3)), new("quasi-random", (space, random) => new QuasiRandomTuner(space, random)) }
        from law in tuner.Laws()
        select new object[] { tuner, law };

    [TestMethod]
    [DynamicData(nameof(Laws))]
    public Task Conformance_EachLaw_Holds(object tuner, Law law)
    {
        Assert.IsNotNull(tuner);
        return law.Check();
    }

    private sealed class Conformance(string name, TunerFactory create) : TunerConformance
    {
        public override string ToString() => name;

        protected override ITuner Create(SearchSpace space, RandomSource random) => create(space, random);
    }
}
