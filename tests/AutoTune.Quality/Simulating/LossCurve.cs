using AutoTune.Quality.Evaluators;
using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Simulating;

/// <summary>The losses of a configuration after each step, found when they are asked for: a trial that is stopped early is not evaluated to its end.</summary>
internal sealed class LossCurve(IEvaluator evaluator, Point point, Ladder ladder)
{
    private readonly double?[] _losses = new double?[ladder.Count];

    /// <summary>The loss at full fidelity.</summary>
    public double Full => At(ladder.Count);

    /// <summary>The loss after a step, counted from 1.</summary>
    public double At(int step)
    {
        if (_losses[step - 1] is null) Evaluate(step);
        return _losses[step - 1]!.Value;
    }

    // Epochs are asked for one after the other, so each call of the model brings the next ones too, twice as many as there are: 4, 8, 16 ...
    private void Evaluate(int first)
    {
        var last = ladder.Kind == StepKind.Epochs ? Math.Min(ladder.Count, Math.Max(4, 2 * first)) : first;
        if (ladder.Kind == StepKind.Epochs && first == ladder.Count) last = first;
        Span<double> fidelities = stackalloc double[last - first + 1];
        Span<double> losses = stackalloc double[fidelities.Length];
        for (var i = 0; i < fidelities.Length; i++) fidelities[i] = ladder.At(first + i);
        evaluator.Losses(point, fidelities, losses);
        for (var i = 0; i < losses.Length; i++) _losses[first - 1 + i] = losses[i];
    }
}

/// <summary>The curves of a study's trials. To be used by one thread at a time.</summary>
internal sealed class LossCurves(IEvaluator evaluator, ProblemSpace space, Ladder ladder)
{
    private readonly Dictionary<TrialId, LossCurve> _curves = [];

    /// <summary>The curve of a trial.</summary>
    public LossCurve Of(TrialId trial, Configuration configuration)
    {
        if (!_curves.TryGetValue(trial, out var curve)) _curves.Add(trial, curve = new(evaluator, space.PointOf(configuration), ladder));
        return curve;
    }
}
