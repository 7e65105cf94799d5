using AutoTune.Testing;
using AutoTune.Tuners.Forecasts;
using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Tpe;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.Forecasts;

/// <summary>Tuners of studies whose steps are repeats.</summary>
[TestClass]
public sealed class RepeatsConformanceTests
{
    public static IEnumerable<object[]> Laws => from isModel in new[] { false, true } from law in new Conformance(isModel).Laws() select new object[] { isModel ? "Gaussian process" : "losses alone", law };

    [TestMethod]
    [DynamicData(nameof(Laws))]
    public Task Tuner_UnderEachLaw_Conforms(string kind, Law law)
    {
        Assert.IsNotNull(kind);
        return law.Check();
    }

    private sealed class Conformance(bool isModel) : TunerConformance
    {
        private static readonly TrialSteps Repeats = new(9, StepKind.Repeats);

        protected override ITuner Create(SearchSpace space, RandomSource random) => isModel
            ? new GaussianProcessTuner(space, new GaussianProcessOptions(), random, new StudyLimits(null, null, Repeats))
            : RepeatsTuner.Over(new TpeTuner(space, new TpeOptions(), random), Repeats);
    }
}
