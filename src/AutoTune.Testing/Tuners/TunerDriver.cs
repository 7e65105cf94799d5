using System.Collections.Immutable;
using AutoTune.Tuning;

namespace AutoTune.Testing;

/// <summary>Asks and tells a tuner as a study does, and checks each answer.</summary>
/// <param name="create">Makes the tuner.</param>
/// <param name="space">The space.</param>
/// <param name="reportsGradients">Whether completed trials tell their gradient by the real hyperparameters.</param>
internal sealed class TunerDriver(TunerFactory create, SearchSpace space, bool reportsGradients = false)
{
    private static readonly ImmutableSortedDictionary<string, string> NoTags = ImmutableSortedDictionary<string, string>.Empty;
    private readonly SortedDictionary<TrialId, Trial> _pending = [];
    private int _next;

    public static RandomSource StudyRandom => new RandomSource(42).Fork("tuner");

    public ITuner Tuner { get; } = create(space, StudyRandom);

    public List<Trial> Told { get; } = [];

    public ImmutableArray<Trial> Pending => [.. _pending.Values];

    /// <summary>The loss of a trial by its number; by default a smooth function of the configuration.</summary>
    public Func<int, double>? LossOf { get; init; }

    public Action<ITuner, AskRequest>? BeforeAsk { get; set; }

    public static RandomSource RandomOf(TrialId trial) => new RandomSource(42).Fork("ask", trial.Number);

    /// <summary>Runs trials one after the other until there are enough or the tuner has had enough; gives the proposals as texts.</summary>
    public List<string> Run(int trials)
    {
        var proposals = new List<string>();
        while (proposals.Count < trials && Step()) proposals.Add(Told[^1].Configuration.ToString());
        return proposals;
    }

    /// <summary>Runs one trial.</summary>
    /// <returns>Whether there was something to propose.</returns>
    public bool Step(Configuration? foreign = null, TrialState outcome = TrialState.Completed)
    {
        var configuration = foreign ?? Ask(Tuner);
        if (configuration is null) return false;
        Tell(new Trial { Id = new TrialId(_next++), Configuration = configuration, Origin = foreign is null ? "tuner" : "user", Budget = 9 }, outcome);
        return true;
    }

    /// <summary>Starts a trial whose result is still to come.</summary>
    public bool Start(TrialState state)
    {
        if (Ask(Tuner) is not { } configuration) return false;
        var trial = new Trial { Id = new TrialId(_next++), Configuration = configuration, State = state };
        _pending.Add(trial.Id, state == TrialState.Running ? trial : trial with { PausedAtStep = 2, Reports = Reports(trial.Id, 2, Loss(trial)) });
        return true;
    }

    public void FinishPending()
    {
        foreach (var trial in Pending.Reverse()) // they seldom end in the order of their start
        {
            _pending.Remove(trial.Id);
            Tell(trial, TrialState.Completed);
        }
    }

    /// <summary>What a tuner would propose now, as text.</summary>
    public string Propose(ITuner tuner) => Ask(tuner)?.ToString() ?? "nothing";

    private Configuration? Ask(ITuner tuner)
    {
        var trial = new TrialId(_next);
        var request = new AskRequest(trial, trial.Number % 2 == 0 ? null : 9, NoTags.Add("bracket", "1"), Pending, RandomOf(trial));
        BeforeAsk?.Invoke(tuner, request);
        switch (tuner.Ask(request))
        {
            case Proposal.Evaluate evaluate:
                Check(evaluate.Configuration);
                return evaluate.Configuration;
            case Proposal.WaitForResults:
                Demand.That(_pending.Count > 0, $"The tuner waits for results, but nothing is pending: the study would end here.");
                return null;
            case Proposal.Exhausted exhausted:
                Demand.That(!string.IsNullOrWhiteSpace(exhausted.Reason), $"The tuner is exhausted without a reason.");
                return null;
            default:
                throw new ConformanceException("The tuner answered null; answer with a proposal.");
        }
    }

    private void Check(Configuration configuration)
    {
        Demand.That(configuration is not null, $"The tuner proposed null.");
        Demand.That(ReferenceEquals(configuration!.Space, space), $"The proposed configuration ({configuration}) is of another space; propose from the space that the factory was given.");
        foreach (var hyperparameter in space.Hyperparameters)
        {
            var condition = hyperparameter.ActiveWhen;
            var parent = condition is null ? default : configuration.Values.FirstOrDefault(value => value.Hyperparameter == condition.Parent);
            var shouldBeActive = condition is null || (parent.Hyperparameter is not null && condition.Labels.Contains(parent.Text));
            Demand.That(configuration.IsActive(hyperparameter) == shouldBeActive,
                $"In the proposed configuration ({configuration}) '{hyperparameter.Name}' must be {(shouldBeActive ? "active" : "inactive")}.");
        }

        foreach (var value in configuration.Values)
            Demand.That(value.Hyperparameter.Domain.Contains(value.Hyperparameter.ToCode(value.Value)), $"In the proposed configuration ({configuration}) '{value.Hyperparameter.Name}' has a value outside its domain.");
        Demand.That(space.MeetsConstraints(configuration), $"The proposed configuration ({configuration}) breaks the constraint '{space.BrokenConstraints(configuration).FirstOrDefault()}'.");
    }

    private void Tell(Trial trial, TrialState outcome)
    {
        var loss = Loss(trial);
        var finished = outcome switch
        {
            TrialState.Completed => trial with { Outcome = new TrialOutcome.Completed(loss, ImmutableSortedDictionary<string, double>.Empty) { Gradient = Gradient(trial.Configuration, loss) }, Reports = Reports(trial.Id, 9, loss) },
            TrialState.Stopped => trial with { Outcome = new TrialOutcome.Stopped(3, "worse than the others"), Reports = Reports(trial.Id, 3, loss) },
            TrialState.Failed when trial.Id.Number % 2 == 0 => trial with { Outcome = Failed, Reports = Reports(trial.Id, 2, loss) },
            TrialState.Failed => trial with { Outcome = Failed },
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        finished = finished with { State = outcome };
        Told.Add(finished);
        Tuner.Tell(finished);
    }

    private static TrialOutcome Failed => new TrialOutcome.Failed(new TrialError("System.OutOfMemoryException", "The model was too large."), IsRetryable: false);

    private double Loss(Trial trial)
    {
        if (LossOf is not null) return LossOf(trial.Id.Number);
        var unit = new double[space.Hyperparameters.Length];
        space.Encoding.Encode(trial.Configuration, unit, []);
        return unit.Sum(x => (x - 0.3) * (x - 0.3));
    }

    // That of the default loss, made as large as losses are where those are given.
    private ImmutableSortedDictionary<string, double> Gradient(Configuration configuration, double loss)
    {
        var gradient = ImmutableSortedDictionary<string, double>.Empty;
        if (!reportsGradients) return gradient;
        var unit = new double[space.Hyperparameters.Length];
        space.Encoding.Encode(configuration, unit, []);
        foreach (var (hyperparameter, value) in configuration.Values)
        {
            if (hyperparameter.Domain is not RealDomain { Step: null } real) continue;
            var byUnit = 2 * (unit[hyperparameter.Index] - 0.3) * (LossOf is null ? 1 : Math.Max(1e-3, Math.Abs(loss)));
            var derivative = byUnit / (real.Scale == Scale.Log ? (double)value * Math.Log(real.High / real.Low) : real.High - real.Low);
            if (double.IsFinite(derivative)) gradient = gradient.Add(hyperparameter.Name, derivative);
        }

        return gradient;
    }

    private static ImmutableList<TrialReport> Reports(TrialId trial, int steps, double loss)
        => [.. Enumerable.Range(1, steps).Select(step => new TrialReport(trial, step, loss / 2 + loss / (2 * step)))];
}
