using System.Collections.Immutable;

namespace AutoTune.Quality.Simulating;

/// <summary>Follows a simulated study: what is spent, what is best, which slots are busy. Ends the study when its budget is spent.</summary>
/// <remarks>
/// As a rule it ends the study when a trial ends that spent the last step; a report that would be one too many is not counted, and cancels.
/// </remarks>
/// <param name="ladder">What steps cost.</param>
/// <param name="curves">The trials' losses at full fidelity.</param>
/// <param name="start">When the study began.</param>
/// <param name="budget">How many steps may be spent.</param>
/// <param name="end">Cancelled when they are.</param>
internal sealed class Meter(Ladder ladder, LossCurves curves, DateTimeOffset start, double budget, CancellationTokenSource end) : IStudyObserver, IStopRule
{
    private const double Rounding = 1e-6; // shares of a training are not exact in binary
    private readonly ImmutableArray<Change>.Builder _incumbents = ImmutableArray.CreateBuilder<Change>();
    private readonly ImmutableArray<Change>.Builder _completed = ImmutableArray.CreateBuilder<Change>();
    private readonly Dictionary<TrialId, DateTimeOffset> _busySince = [];
    private readonly int[] _reports = new int[ladder.Count];
    private double _leastReported = double.PositiveInfinity;
    private TimeSpan _busy;

    /// <summary>Why a study ends that has spent its budget.</summary>
    public const string BudgetSpent = "the budget is spent";

    /// <summary>The steps spent, also those of trials that are still running.</summary>
    public double Spent { get; private set; }

    /// <summary>The configuration with the best loss reported so far at any step: its loss at full fidelity, whenever it changes.</summary>
    public ImmutableArray<Change> Incumbents => _incumbents.ToImmutable();

    /// <summary>The study's best completed trial, which is what its user gets: its loss at full fidelity, whenever it changes.</summary>
    public ImmutableArray<Change> Completed => _completed.ToImmutable();

    /// <summary>How many reports there were at each step.</summary>
    public ImmutableArray<int> Reports => [.. _reports];

    /// <summary>How long slots were busy, all together.</summary>
    public TimeSpan Busy => _busy;

    /// <summary>Trials that completed below full fidelity; a scheduler is to pause or stop those.</summary>
    public int CompletedEarly { get; private set; }

    /// <summary>Trials that the study drew at random because the tuner failed.</summary>
    public int TunerFailures { get; private set; }

    /// <remarks>So that studies are those that nothing cuts short: what they have by then is read off at each budget.</remarks>
    public bool NeedsResult => true;

    public string? ReasonToStop(StudyView study, TimeSpan elapsed) => Spent >= budget - Rounding ? BudgetSpent : null;

    public void OnEvent(StudyEvent studyEvent, StudyView study)
    {
        switch (studyEvent)
        {
            case TrialStarted e:
                _busySince[e.Trial] = e.At;
                break;
            case TrialResumed e:
                _busySince[e.Trial] = e.At;
                break;
            case TrialRestarted e:
                _busySince[e.Trial] = e.At;
                break;
            case TrialReported e:
                Count(e, study);
                break;
            case TrialPaused e:
                Free(e.Trial, e.At);
                break;
            case TrialInterrupted e:
                Free(e.Trial, e.At);
                break;
            case TrialAttemptFailed e:
                Free(e.Trial, e.At);
                break;
            case TrialFinished e:
                Free(e.Trial, e.At);
                Finish(e, study);
                break;
            case TunerFailed:
                TunerFailures++;
                break;
        }
    }

    private void Count(TrialReported e, StudyView study)
    {
        var (trial, step, loss) = e.Report;
        var cost = ladder.CostOf(step);
        if (end.IsCancellationRequested || Spent + cost > budget + Rounding)
        {
            end.Cancel();
            return;
        }

        _reports[step - 1]++;
        Spent += cost;
        if (loss < _leastReported)
        {
            _leastReported = loss;
            Add(_incumbents, e.At, curves.Of(trial, study[trial].Configuration).Full);
        }
    }

    private void Finish(TrialFinished e, StudyView study)
    {
        if (e.Outcome is not TrialOutcome.Completed) return;
        var trial = study[e.Trial];
        if ((trial.LastReport?.Step ?? 0) < ladder.Count) CompletedEarly++;
        if (study.Best?.Id == e.Trial) Add(_completed, e.At, curves.Of(e.Trial, trial.Configuration).Full);
    }

    private void Free(TrialId trial, DateTimeOffset now)
    {
        if (_busySince.Remove(trial, out var since)) _busy += now - since;
    }

    private void Add(ImmutableArray<Change>.Builder changes, DateTimeOffset at, double loss)
    {
        if (changes.Count == 0 || changes[^1].Loss != loss) changes.Add(new(Spent, (at - start).TotalHours, loss));
    }
}

/// <summary>From here on there is another best.</summary>
/// <param name="Steps">The steps spent until then.</param>
/// <param name="Hours">The simulated time until then; a full training takes an hour. NaN where unknown.</param>
/// <param name="Loss">The loss at full fidelity.</param>
internal readonly record struct Change(double Steps, double Hours, double Loss);
