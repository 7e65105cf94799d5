using System.Collections.Immutable;
using AutoTune.Scheduling;

namespace AutoTune.Tuners.EarlyStopping;

/// <summary>For growing samples: many trials on the smallest share first, together no dearer than one on all data, of which the best one and the tuner's first few are then trained on all of them.</summary>
/// <remarks>
/// <code>
/// n       trials of the opening: count / share, so that they cost one training; 27 at most
///         but as long as no more than two more fail than do not, and five at once until one did not: the share may be too small for a training
/// then    on all data the best of them, then the first, the second and the third that the tuner proposed; all others stay paused
/// </code>
/// A small share finds a fair configuration soon where it tells anything. Where it misleads, the tuner's first proposals, which are the defaults of the first branches and far apart, keep the search from
/// following it: without them it ended in the wrong branch (decision 40). Later trials are another scheduler's, which sees none of the opening's.
/// </remarks>
/// <param name="count">The step that stands for all the data.</param>
/// <param name="beginsWhole">Whether the study may be cut short: its first trial is trained on all data at once then, so that it has a result.</param>
/// <param name="then">What starts and judges all later trials.</param>
internal sealed class ShareOpening(int count, bool beginsWhole, IScheduler then) : IScheduler
{
    /// <summary>Fewer trials than that find nothing.</summary>
    public const int LeastTrials = 9;

    private const string Key = "opening";
    private static readonly ImmutableSortedDictionary<string, string> Tags = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(Key, "on a share");

    private const int MostTrials = 27, FirstOnes = 3; // decision 40
    private const int MostFailures = 2, MostUnknown = 5; // chosen: a share that is too small for a training fails at once, and ten failures in a row end a study
    private readonly int _share = ShareOf(count), _first = beginsWhole ? 1 : 0, _end = (beginsWhole ? 1 : 0) + TrialsOf(count);
    private readonly HashSet<TrialId> _ours = [];
    private readonly HashSet<TrialId> _onShare = []; // that are being trained on the share
    private readonly SortedDictionary<TrialId, double> _waiting = []; // with their losses there
    private readonly Dictionary<TrialId, double> _reported = [];
    private int _started, _failures, _told;
    private bool _isBestOut;

    /// <summary>Whether a trial is one of an opening: what it did on its share is no measure for trials on all data.</summary>
    public static bool Has(Trial trial) => trial.Tags.ContainsKey(Key);

    /// <summary>How many trials open a study of so many steps.</summary>
    public static int TrialsOf(int count) => Math.Min(MostTrials, count / ShareOf(count));

    public WorkOrder NextWork(StudyView study)
    {
        if (study.CanStart && _started < _first) return new WorkOrder.StartTrial(count);
        if (study.CanStart && _started < _end && _failures < MostFailures + _told) return _told > 0 || _onShare.Count < MostUnknown ? new WorkOrder.StartTrial(_share, Tags) : new WorkOrder.Hold();
        return Next() is { } trial ? new WorkOrder.ResumeTrial(trial, count) : then.NextWork(study);
    }

    public Directive Judge(TrialReport report, StudyView study)
    {
        if (!_ours.Contains(report.Trial)) return then.Judge(report, study);
        if (study[report.Trial].Budget is not { } budget || budget >= count || report.Step < budget) return Directive.Continue;
        return Directive.Pause(FormattableString.Invariant($"step {report.Step}: {study.Goal.Metric} {study.Goal.Text(report.Loss)}; of {_end - _first} trials on this share of the data the best goes on, and the first {FirstOnes} of the study"));
    }

    public void Observe(StudyEvent studyEvent)
    {
        if (studyEvent is TrialStarted started)
        {
            _started++; // whoever did: a study that was begun without an opening gets no more than the rest of one
            if (started.Tags.ContainsKey(Key)) _ours.Add(started.Trial);
        }

        if (TrialOf(studyEvent) is not { } trial || !_ours.Contains(trial))
        {
            then.Observe(studyEvent);
            return;
        }

        switch (studyEvent)
        {
            case TrialStarted:
                _onShare.Add(trial);
                break;
            case TrialReported e:
                _reported[trial] = e.Report.Loss;
                break;
            case TrialPaused:
                _onShare.Remove(trial);
                _waiting[trial] = _reported[trial];
                _told++;
                break;
            case TrialResumed:
                // The best is the first that goes on, but for the first ones of the study where slots were free before all had come.
                _isBestOut |= _onShare.Count == 0 && _waiting.Count > 0 && trial == Best;
                _waiting.Remove(trial);
                break;
            case TrialFinished:
                if (_onShare.Remove(trial)) _failures++;
                _waiting.Remove(trial);
                break;
        }
    }

    private TrialId Best => _waiting.MinBy(trial => (trial.Value, trial.Key)).Key;

    private TrialId? Next()
    {
        if (_waiting.Count == 0) return null;
        if (!_isBestOut && _onShare.Count == 0) return Best;
        var first = _waiting.First().Key;
        return first.Number < FirstOnes ? first : null;
    }

    private static int ShareOf(int count) => Math.Max(1, count / MostTrials);

    private static TrialId? TrialOf(StudyEvent studyEvent) => studyEvent switch
    {
        TrialStarted e => e.Trial,
        TrialReported e => e.Report.Trial,
        TrialPaused e => e.Trial,
        TrialResumed e => e.Trial,
        TrialFinished e => e.Trial,
        _ => null,
    };
}
