using System.Collections.Immutable;
using AutoTune.Scheduling;

namespace AutoTune.Testing;

/// <summary>Stands between a study and a scheduler, and notes every answer that breaks a law.</summary>
internal sealed class WatchedScheduler(Func<IScheduler> create) : IScheduler
{
    private readonly IScheduler _inner = create();
    private readonly List<StudyEvent> _observed = [];

    /// <summary>The first broken law; null while there is none.</summary>
    public string? Broken { get; private set; }

    public WorkOrder NextWork(StudyView study)
    {
        var order = _inner.NextWork(study);
        Note(order is null, "it ordered null");
        if (order is null) return new WorkOrder.Hold();
        Note(Text(_inner.NextWork(study)) != Text(order), $"asked twice for work it ordered {Text(order)}, then {Text(_inner.NextWork(study))}");
        Note(Text(Restored().NextWork(study)) != Text(order), $"it ordered {Text(order)}, but one that observed the same {_observed.Count} facts orders {Text(Restored().NextWork(study))}");
        switch (order)
        {
            case WorkOrder.StartTrial start:
                Note(start.Budget < 1, $"it started a trial with a budget of {start.Budget}; a budget is at least 1, or null");
                break;
            case WorkOrder.ResumeTrial resume:
                Note(!study.Paused.Contains(resume.Trial), $"it resumed {resume.Trial}, which is not paused");
                if (!study.Paused.Contains(resume.Trial)) return new WorkOrder.Hold();
                if (Breach(resume, study) is not { } breach) break;
                Note(true, breach);
                return new WorkOrder.Hold();
            case WorkOrder.Hold:
                break;
        }

        return order;
    }

    public Directive Judge(TrialReport report, StudyView study)
    {
        var directive = _inner.Judge(report, study);
        Note(directive is null, $"it judged {report} by null");
        if (directive is null) return Directive.Continue;
        Note(_inner.Judge(report, study) != directive, $"asked twice it judged {report} by {directive}, then {_inner.Judge(report, study)}");
        Note(Restored().Judge(report, study) != directive, $"it judged {report} by {directive}, but one that observed the same {_observed.Count} facts by {Restored().Judge(report, study)}");
        Note(!directive.IsContinue && string.IsNullOrWhiteSpace(directive.Reason), $"it judged {report} by {directive.Action} without a reason");
        return directive;
    }

    public void Observe(StudyEvent studyEvent)
    {
        _observed.Add(studyEvent);
        _inner.Observe(studyEvent);
    }

    private static string? Breach(WorkOrder.ResumeTrial resume, StudyView study)
    {
        var step = study[resume.Trial].PausedAtStep;
        if (resume.From is { } from)
        {
            if (from.Number >= study.Trials.Count || study[from].LastReport is not { } last) return $"it resumed {resume.Trial} from {from}, which has no report and so no checkpoint";
            if (study.Running.Contains(from) || study.Waiting.Contains(from)) return $"it resumed {resume.Trial} from {from}, which is {study[from].State}: files that may change cannot be copied";
            step = last.Step;
        }

        if (resume.Budget <= step) return $"it resumed {resume.Trial} with a budget of {resume.Budget}, though it goes on after step {step}";
        if (resume.Configuration is not { } changed) return null;
        if (!ReferenceEquals(changed.Space, study.Space)) return $"it resumed {resume.Trial} with a configuration of another space";
        return study.Space.BrokenConstraints(changed) is { IsEmpty: false } broken ? $"it resumed {resume.Trial} with {changed}, which breaks the constraint '{broken[0]}'" : null;
    }

    private IScheduler Restored()
    {
        var restored = create();
        foreach (var studyEvent in _observed) restored.Observe(studyEvent);
        return restored;
    }

    private void Note(bool isBroken, string what)
    {
        if (isBroken) Broken ??= what;
    }

    private static string Text(WorkOrder order) => order is WorkOrder.StartTrial start
        ? FormattableString.Invariant($"StartTrial(budget {start.Budget}, {string.Join(", ", (start.Tags ?? ImmutableSortedDictionary<string, string>.Empty).Select(tag => $"{tag.Key}={tag.Value}"))})")
        : order.ToString();
}
