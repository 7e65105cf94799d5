using AutoTune.Scheduling;
using AutoTune.Testing;

namespace AutoTune.Kernel.Tests.Scheduling;

[TestClass]
public sealed class KernelSchedulerConformanceTests
{
    private static readonly PercentileRuleOptions Often = new() { MinTrials = 2, Interval = 2 };

    public static IEnumerable<object[]> Laws =>
        from scheduler in new Conformance[]
        {
            new("rules", _ => new RuledScheduler(new RunToCompletion(), [new PatienceRule(3, 0.01), new ThresholdRule(1.2, 4), new PercentileRule(60, Often)])),
            new("rules beside promotion", _ => new RuledScheduler(Promotion(false), [new PatienceRule(3, 0.01), new PercentileRule(60, Often)])),
            new("ASHA that stops", _ => new StoppingAsha(Ladder, 3)),
            new("ASHA that promotes", _ => Promotion(false)),
            new("ASHA that promotes, of a study that may be cut short", _ => Promotion(true)),
            new("Hyperband", _ => new HyperbandScheduler(new HyperbandBrackets(1, 27, 3), 30, mayBeCutShort: false)),
            new("Hyperband, of a study that may be cut short", _ => new HyperbandScheduler(new HyperbandBrackets(3, 27, 3), null, mayBeCutShort: true)),
            new("an opening of Hyperband before another", _ => new HyperbandBrackets(3, 27, 3).CreateOpening(30, mayBeCutShort: true, new StoppingAsha(Ladder, 3))),
            new("Hyperband that starts anew", _ => new AnewScheduler(new HyperbandBrackets(1, 27, 3), 30, mayBeCutShort: false)),
            new("Hyperband that starts anew, of a study that may be cut short", _ => new AnewScheduler(new HyperbandBrackets(9, 27, 3), null, mayBeCutShort: true)),
            new("PASHA", _ => new PashaScheduler(Ladder, new PashaOptions())),
            new("one step", _ => new PromotionAsha(new BudgetLadder([1, 27]), 10, mayBeCutShort: false)),
        }
        from law in scheduler.Laws()
        select new object[] { scheduler, law };

    private static BudgetLadder Ladder => BudgetLadder.Geometric(1, 27, 3);

    [TestMethod]
    [DynamicData(nameof(Laws))]
    public Task Conformance_EachLaw_Holds(object scheduler, Law law)
    {
        Assert.IsNotNull(scheduler);
        return law.Check();
    }

    private static PromotionAsha Promotion(bool mayBeCutShort) => new(Ladder, 3, mayBeCutShort);

    private sealed class Conformance(string name, SchedulerFactory create) : SchedulerConformance
    {
        public override string ToString() => name;

        protected override IScheduler Create(RandomSource random) => create(random);
    }
}
