using AutoTune.Scheduling;
using AutoTune.Testing;
using AutoTune.Tuners.EarlyStopping;

namespace AutoTune.Tuners.Tests.EarlyStopping;

[TestClass]
public sealed class EarlyStoppingConformanceTests
{
    public static IEnumerable<object[]> Laws =>
        from scheduler in new (string Name, Func<IScheduler> Create)[]
        {
            ("guarded halving", () => new GuardedHalving(new AshaOptions { MinBudget = 3 }, 27, 0.1)),
            ("guarded halving after a step", () => new GuardedHalving(new AshaOptions { MinBudget = 3 }, 27, 0.1, guardedFrom: 9)),
            ("guarded halving after an opening", () => new HyperbandBrackets([5, 14, 27], [12, 3, 1]).CreateOpening(null, mayBeCutShort: true, new GuardedHalving(new AshaOptions { MinBudget = 9 }, 27, 0.1))),
            ("trusted share", () => new TrustedShare(27, 3)),
            ("opening on shares", () => new ShareOpening(27, beginsWhole: false, new TrustedShare(27, 3))),
            ("opening on shares after a whole trial", () => new ShareOpening(9, beginsWhole: true, new TrustedShare(9, 1))),
        }
        from law in new Conformance(scheduler.Create).Laws()
        select new object[] { scheduler.Name, law };

    [TestMethod]
    [DynamicData(nameof(Laws))]
    public Task Scheduler_UnderEachLaw_Conforms(string scheduler, Law law)
    {
        Assert.IsNotNull(scheduler);
        return law.Check();
    }

    private sealed class Conformance(Func<IScheduler> create) : SchedulerConformance
    {
        protected override IScheduler Create(RandomSource random) => create();
    }
}
