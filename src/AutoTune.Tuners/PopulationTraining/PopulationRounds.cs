namespace AutoTune.Tuners.PopulationTraining;

/// <summary>What is known of a population: the fold of a study's facts that its scheduler decides by.</summary>
internal sealed class PopulationRounds
{
    private readonly List<Member> _members = [];
    private readonly List<List<Arrival>> _rounds = [];

    /// <summary>How many trials were started.</summary>
    public int Count => _members.Count;

    /// <summary>In how many rounds a trial has arrived.</summary>
    public int Rounds => _rounds.Count;

    /// <summary>What trials were trained with from one comparison to the next, in the order in which they were paused.</summary>
    public List<Stretch> Stretches { get; } = [];

    /// <summary>The losses of those that arrived at the end of a round, in the order in which they did.</summary>
    public IReadOnlyList<Arrival> Of(int round) => _rounds[round];

    /// <summary>The round at whose end a paused trial waits; -1 if it is not paused.</summary>
    public int WaitsIn(TrialId trial) => _members[trial.Number] is { IsPaused: true } member ? member.Arrivals - 1 : -1;

    /// <summary>What a trial is trained with, or will be when it goes on.</summary>
    public Configuration ConfigurationOf(TrialId trial) => _members[trial.Number].Configuration;

    /// <summary>How many of the started trials may still arrive at the end of a round.</summary>
    public int Expected(int round)
    {
        var count = 0;
        foreach (var member in _members)
        {
            if (!member.IsGone && member.Arrivals <= round) count++;
        }

        return count;
    }

    public void Observe(StudyEvent studyEvent)
    {
        switch (studyEvent)
        {
            case TrialStarted e:
                _members.Add(new Member { Configuration = e.Configuration });
                break;
            case TrialConfigured e:
                _members[e.Trial.Number].Configuration = e.Configuration;
                break;
            case TrialReported e:
                _members[e.Report.Trial.Number].Loss = e.Report.Loss;
                break;
            case TrialPaused e:
                Arrive(e);
                break;
            case TrialResumed e:
                Resume(e);
                break;
            case TrialFinished e:
                (_members[e.Trial.Number].IsGone, _members[e.Trial.Number].IsPaused) = (true, false);
                break;
        }
    }

    private void Arrive(TrialPaused e)
    {
        var member = _members[e.Trial.Number];
        if (_rounds.Count == member.Arrivals) _rounds.Add([]);
        _rounds[member.Arrivals].Add(new Arrival(e.Trial, e.AtStep, member.Loss));
        Stretches.Add(new Stretch(e.Trial, member.Arrivals, member.Step, e.AtStep, member.LossBefore, member.Loss, member.Configuration));
        member.Arrivals++;
        (member.IsPaused, member.Step, member.LossBefore) = (true, e.AtStep, member.Loss);
    }

    private void Resume(TrialResumed e)
    {
        var member = _members[e.Trial.Number];
        member.IsPaused = false;
        if (e.Configuration is not null) member.Configuration = e.Configuration;
        if (e.From is not { } from) return;
        var source = _members[from.Number];
        (member.Step, member.LossBefore) = (source.Step, source.LossBefore);
    }

    private sealed class Member
    {
        public required Configuration Configuration { get; set; }

        /// <summary>The last report.</summary>
        public double Loss { get; set; } = double.NaN;

        /// <summary>How many comparisons it has reached.</summary>
        public int Arrivals { get; set; }

        /// <summary>Where its weights stood when it last began or went on.</summary>
        public int Step { get; set; }

        /// <summary>The loss there; NaN at the beginning.</summary>
        public double LossBefore { get; set; } = double.NaN;

        public bool IsPaused { get; set; }

        public bool IsGone { get; set; }
    }
}

/// <summary>A trial at the end of a round.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Step">The step of its last report.</param>
/// <param name="Loss">The loss there.</param>
internal readonly record struct Arrival(TrialId Trial, int Step, double Loss);

/// <summary>What a trial was trained with from one comparison to the next, and what became of its loss.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Round">The number of the comparison at its end.</param>
/// <param name="FromStep">The step after which it began.</param>
/// <param name="ToStep">Its last step.</param>
/// <param name="LossBefore">The loss of the weights that it began with; NaN for fresh ones.</param>
/// <param name="LossAfter">The loss at its end.</param>
/// <param name="Configuration">What it was trained with.</param>
internal sealed record Stretch(TrialId Trial, int Round, int FromStep, int ToStep, double LossBefore, double LossAfter, Configuration Configuration);
