using AutoTune.Tuners.GaussianProcess;

namespace AutoTune.Tuners.Trees;

/// <summary>The trials told, as trees see them: a fold of the finished trials in their order. Not thread-safe.</summary>
internal sealed class TreeHistory(SpaceLayout layout, TreeColumns columns, TrialSteps? steps = null)
{
    private readonly List<Observation> _observations = [];
    private readonly List<Standing> _standings = [];
    private readonly List<double[]> _rows = [];
    private readonly HashSet<Configuration> _configurations = [];

    public IReadOnlyList<Observation> Observations => _observations;

    /// <summary>What the steps of the trials are, if that was said.</summary>
    public TrialSteps? Steps => steps;

    /// <summary>The columns of each trial (n c).</summary>
    public IReadOnlyList<double[]> Rows => _rows;

    /// <summary>How many trials were told (n).</summary>
    public int Count => _observations.Count;

    /// <summary>Where each trial stands (n).</summary>
    public IReadOnlyList<Standing> Standings => _standings;

    /// <summary>How many trials tell apart good from bad: those with a loss, and those that broke a requirement by a known amount.</summary>
    public int Ranked { get; private set; }

    /// <summary>How many different configurations were told.</summary>
    public int Distinct => _configurations.Count;

    public void Add(Trial trial)
    {
        var observation = Observation.Of(trial, layout);
        // What breaks a requirement cannot be what the study returns, whatever its loss: only by how much it does counts (TreeTargets).
        if (!observation.MeetsRequirements) observation = observation with { Loss = double.NaN, IsFinal = false };
        _observations.Add(observation);
        _standings.Add(Standing.Of(trial));
        _rows.Add(RowOf(observation));
        _configurations.Add(trial.Configuration);
        if (double.IsFinite(observation.Loss) || IsBroken(Count - 1)) Ranked++;
    }

    /// <summary>Whether trial number i gave a loss but broke requirements, by a known amount.</summary>
    public bool IsBroken(int i) => _standings[i].HasLoss && _standings[i].Violation > 0 && double.IsFinite(_standings[i].Violation);

    public bool Knows(Configuration configuration) => _configurations.Contains(configuration);

    public double[] RowOf(Observation observation)
    {
        var row = new double[columns.Count];
        columns.Write(observation.Unit, observation.Active, row);
        return row;
    }
}
