using AutoTune.Scheduling;
using AutoTune.Testing;
using AutoTune.Tuners.Racing;

namespace AutoTune.Tuners.Tests.Racing;

[TestClass]
public sealed class RacingConformanceTests
{
    public static IEnumerable<object[]> Laws =>
        from keeps in new[] { RaceWinner.OfStudy, RaceWinner.InTruth }
        from law in new Conformance(keeps).Laws()
        select new object[] { keeps.ToString(), law };

    [TestMethod]
    [DynamicData(nameof(Laws))]
    public Task Scheduler_UnderEachLaw_Conforms(string keeps, Law law)
    {
        Assert.IsNotNull(keeps);
        return law.Check();
    }

    private sealed class Conformance(RaceWinner keeps) : SchedulerConformance
    {
        protected override IScheduler Create(RandomSource random) => new RacingScheduler(new RacingOptions { Keeps = keeps });

        protected override int Steps => 10;
    }
}
