namespace AutoTune.Tuners.GaussianProcess;

/// <summary>What the trials tell of the study's requirements. Not thread-safe.</summary>
internal sealed class RequirementModels(SpaceLayout layout, int maxModelTrials)
{
    private readonly List<RequirementHistory> _histories = []; // as many as a trial has violations

    /// <summary>Whether any trial that completed met all requirements.</summary>
    public bool AnyMet { get; private set; }

    public void Add(Trial trial, Observation observation)
    {
        if (trial.Outcome is not TrialOutcome.Completed) return;
        AnyMet |= observation.MeetsRequirements;
        for (var j = 0; j < trial.Violations.Length; j++)
        {
            if (j == _histories.Count) _histories.Add(new RequirementHistory(layout, maxModelTrials));
            if (double.IsFinite(trial.Violations[j])) _histories[j].Add(observation, trial.Violations[j]);
        }
    }

    /// <summary>How probable it is that a trial meets the requirements; null if there are none.</summary>
    public Feasibility? Term(IReadOnlyList<Observation> pending)
    {
        var known = _histories.FindAll(history => history.Count > 0);
        return known.Count == 0 ? null : new Feasibility(known.ConvertAll(history => history.Model(pending)));
    }
}
