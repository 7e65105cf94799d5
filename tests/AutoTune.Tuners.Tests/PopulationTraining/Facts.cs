using AutoTune.Scheduling;

namespace AutoTune.Tuners.Tests.PopulationTraining;

/// <summary>Facts told to a scheduler by hand.</summary>
internal sealed class Facts
{
    private readonly List<StudyEvent> _facts = [];
    private readonly IScheduler _scheduler;

    public Facts(SearchSpace space, IScheduler scheduler, bool isMaximized = false)
    {
        _scheduler = scheduler;
        Tell(new StudyCreated("by hand", 1, new Goal("accuracy", isMaximized), space));
    }

    public StudyView View => StudyView.Of(_facts);

    public void Start(int trial, double rate, int budget) => Start(trial, View.Space.Configure(set => set.Set("rate", rate)), budget);

    public void Start(int trial, Configuration configuration, int budget)
        => Tell(new TrialStarted(new TrialId(trial), configuration, budget, System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty, ""));

    public Directive Judge(int trial, int step, double loss)
    {
        var report = new TrialReport(new TrialId(trial), step, loss);
        Tell(new TrialReported(report));
        return _scheduler.Judge(report, View);
    }

    public void Pause(int trial, int step, double loss)
    {
        var directive = Judge(trial, step, loss);
        Assert.AreEqual(DirectiveAction.Pause, directive.Action);
        Tell(new TrialPaused(new TrialId(trial), step, directive.Reason));
    }

    public void Resume(WorkOrder.ResumeTrial order) => Tell(new TrialResumed(order.Trial, order.Budget, order.From, order.Configuration, order.Reason));

    private void Tell(StudyEvent fact)
    {
        _facts.Add(fact with { Sequence = _facts.Count });
        _scheduler.Observe(_facts[^1]);
    }
}
