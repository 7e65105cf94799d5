using AutoTune.Scheduling;
using AutoTune.Testing;
using AutoTune.Tuners.LearningCurves;

namespace AutoTune.Tuners.Tests.LearningCurves;

[TestClass]
public sealed class CurveConformanceTests
{
    public static IEnumerable<object[]> Laws => new Conformance().Laws().Select(law => new object[] { law });

    [TestMethod]
    [DynamicData(nameof(Laws))]
    public Task Scheduler_UnderEachLaw_Conforms(Law law) => law.Check();

    private sealed class Conformance : SchedulerConformance
    {
        protected override IScheduler Create(RandomSource random) => new CurveScheduler(new CurvePredictionOptions(), null);

        protected override int Steps => 9;

        protected override int Trials => 15;
    }
}
