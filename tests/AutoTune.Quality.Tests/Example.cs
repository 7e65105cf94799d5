using System.Collections.Immutable;
using AutoTune.Quality.Evaluators;
using AutoTune.Quality.Measuring;
using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Tests;

/// <summary>A problem with one hyperparameter, whose losses cross: what is good early is not what is good at full fidelity.</summary>
internal sealed class Example : IEvaluator
{
    private readonly List<(double X, double Fidelity)> _evaluated = [];

    public static readonly Fidelity FourEpochs = new("epoch", 1, 4, IsWhole: true);
    public static readonly Fidelity Shares = new("trainsize", 0.05, 1, IsWhole: false);

    /// <summary>What was asked for, in order.</summary>
    public IReadOnlyList<(double X, double Fidelity)> Evaluated => _evaluated;

    public static Problem Problem(Fidelity? fidelity, string name = "example") => new(name,
        [new ProblemHyperparameter("x", ValueKind.Real, 0, 1, IsLog: false, [], [], null, [])], Best: 0, Reference: 2, "function", default, fidelity, []);

    public Arena Arena(Fidelity fidelity)
    {
        var problem = Problem(fidelity);
        return new(problem, new ProblemSpace(problem), this);
    }

    public double Loss(Point point, double? fidelity = null)
    {
        var x = point.Number("x");
        _evaluated.Add((x, fidelity ?? double.NaN));
        return Loss(x, fidelity ?? double.NaN);
    }

    public static double Loss(double x, double fidelity) => x + (1 - x) * 2 / fidelity;

    public static Point At(double x) => new(Problem(null).Hyperparameters, [x]);
}
