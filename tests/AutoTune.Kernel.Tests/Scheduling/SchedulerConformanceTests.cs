using AutoTune.Scheduling;
using AutoTune.Testing;

namespace AutoTune.Kernel.Tests.Scheduling;

[TestClass]
public sealed class SchedulerConformanceTests
{
    public enum Fault { NoReason, CountsJudgements, CountsOrders, KeepsOwnNotes, ResumesWhatRuns, ZeroBudget, ResumesWithoutBudget, HoldsForEver, CopiesWhatRuns, ForeignConfiguration, BrokenConstraint, DrawsRandomness, ReadsTheClock }

    public static IEnumerable<object[]> Laws =>
        from scheduler in new Conformance[] { new("run to completion", _ => new RunToCompletion()), new("halving", _ => new Halving()) }
        from law in scheduler.Laws()
        select new object[] { scheduler, law };

    [TestMethod]
    [DynamicData(nameof(Laws))]
    public Task Conformance_EachLaw_Holds(object scheduler, Law law)
    {
        Assert.IsNotNull(scheduler);
        return law.Check();
    }

    [TestMethod]
    [DataRow(Fault.NoReason, "Orders and judgements are sound, pure and a fold of the facts: constant, 1 slots")]
    [DataRow(Fault.CountsJudgements, "Orders and judgements are sound, pure and a fold of the facts: better with each step, 1 slots")]
    [DataRow(Fault.CountsOrders, "Orders and judgements are sound, pure and a fold of the facts: no reports, 1 slots")]
    [DataRow(Fault.KeepsOwnNotes, "Orders and judgements are sound, pure and a fold of the facts: better with each step, 4 slots")]
    [DataRow(Fault.KeepsOwnNotes, "A study that was cut off goes on as if it had not been")]
    [DataRow(Fault.ResumesWhatRuns, "Orders and judgements are sound, pure and a fold of the facts: constant, 4 slots")]
    [DataRow(Fault.ZeroBudget, "Orders and judgements are sound, pure and a fold of the facts: constant, 1 slots")]
    [DataRow(Fault.ResumesWithoutBudget, "Orders and judgements are sound, pure and a fold of the facts: better with each step, 1 slots")]
    [DataRow(Fault.CopiesWhatRuns, "Orders and judgements are sound, pure and a fold of the facts: better with each step, 4 slots")]
    [DataRow(Fault.ForeignConfiguration, "Orders and judgements are sound, pure and a fold of the facts: better with each step, 1 slots")]
    [DataRow(Fault.BrokenConstraint, "Orders and judgements are sound, pure and a fold of the facts: better with each step, 1 slots")]
    [DataRow(Fault.HoldsForEver, "Every study ends with all trials ended or paused: 1 slots")]
    [DataRow(Fault.DrawsRandomness, "Orders and judgements are sound, pure and a fold of the facts: better with each step, 1 slots")]
    [DataRow(Fault.ReadsTheClock, "The same seed gives the same journal: 1 slots")]
    public async Task Laws_ASchedulerWithAFault_AreBroken(Fault fault, string broken)
    {
        var law = new Conformance(fault.ToString(), random => new FaultyScheduler(fault, random)).Laws().Single(law => law.Name == broken);
        var error = await Assert.ThrowsExactlyAsync<ConformanceException>(law.Check);
        Assert.StartsWith(broken, error.Message);
    }

    private sealed class Conformance(string name, SchedulerFactory create) : SchedulerConformance
    {
        public override string ToString() => name;

        protected override IScheduler Create(RandomSource random) => create(random);
    }

    /// <summary>Pauses every trial at steps 3 and 9, and resumes the best one of three that wait there.</summary>
    private sealed class Halving : IScheduler
    {
        public WorkOrder NextWork(StudyView study)
        {
            foreach (var rung in new[] { 9, 3 })
            {
                var there = study.Paused.Select(id => study[id]).Where(trial => trial.PausedAtStep == rung).ToList();
                if (there.Count >= 3) return new WorkOrder.ResumeTrial(there.MinBy(trial => trial.LastReport!.Value.Loss)!.Id, rung * 3);
            }

            return new WorkOrder.StartTrial(3);
        }

        public Directive Judge(TrialReport report, StudyView study) => report.Step is 3 or 9 ? Directive.Pause("waits for its peers") : Directive.Continue;

        public void Observe(StudyEvent studyEvent) { }
    }

    private sealed class FaultyScheduler(Fault fault, RandomSource random) : IScheduler
    {
        private static readonly SearchSpace Foreign = MakeForeign();
        private static int s_clock;
        private int _orders;
        private int _judgements;

        private static SearchSpace MakeForeign()
        {
            var builder = new SearchSpaceBuilder();
            builder.AddReal("x", 0, 1);
            return builder.Build();
        }

        public WorkOrder NextWork(StudyView study)
        {
            _orders++;
            return fault switch
            {
                Fault.CountsOrders => new WorkOrder.StartTrial(_orders),
                Fault.ZeroBudget => new WorkOrder.StartTrial(0),
                Fault.ResumesWhatRuns when study.Running.Count > 0 => new WorkOrder.ResumeTrial(study.Running[0]),
                Fault.ResumesWithoutBudget when study.Paused.Count > 0 => new WorkOrder.ResumeTrial(study.Paused[0], 3),
                Fault.CopiesWhatRuns when study.Paused.Count > 0 && study.Running.Any(id => study[id].LastReport is not null)
                    => new WorkOrder.ResumeTrial(study.Paused[0], null, study.Running.First(id => study[id].LastReport is not null)),
                Fault.ForeignConfiguration when study.Paused.Count > 0 => new WorkOrder.ResumeTrial(study.Paused[0], null, null, Foreign.Default),
                Fault.BrokenConstraint when study.Paused.Count > 0 => new WorkOrder.ResumeTrial(study.Paused[0], null, null, study.Space.Encoding.Decode([1])),
                Fault.KeepsOwnNotes when _judgements > 40 => new WorkOrder.StartTrial(5),
                Fault.HoldsForEver => new WorkOrder.Hold(),
                Fault.ReadsTheClock => new WorkOrder.StartTrial(1 + Interlocked.Increment(ref s_clock)),
                _ => new WorkOrder.StartTrial(),
            };
        }

        public Directive Judge(TrialReport report, StudyView study)
        {
            _judgements++;
            return fault switch
            {
                Fault.NoReason when report.Step == 5 => Directive.Stop(""),
                Fault.CountsJudgements when _judgements % 2 == 0 => Directive.Stop("unlucky"),
                Fault.DrawsRandomness when random.NextDouble() < 0.5 => Directive.Stop("unlucky"),
                Fault.ResumesWithoutBudget or Fault.CopiesWhatRuns or Fault.ForeignConfiguration or Fault.BrokenConstraint when report.Step == 3 => Directive.Pause("later"),
                _ => Directive.Continue,
            };
        }

        public void Observe(StudyEvent studyEvent) { }
    }
}
