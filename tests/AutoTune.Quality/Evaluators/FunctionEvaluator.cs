using System.Text.Json;
using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Evaluators;

/// <summary>A formula.</summary>
internal sealed class FunctionEvaluator : IEvaluator
{
    private readonly Func<Point, double> _function;
    private readonly double[] _shift;
    private readonly int[] _numeric;

    public FunctionEvaluator(Problem problem)
    {
        _shift = problem.Evaluate.TryGetProperty("shift", out var shift) && shift.ValueKind == JsonValueKind.Array
            ? [.. shift.EnumerateArray().Select(value => value.GetDouble())]
            : [];
        _numeric = [.. Enumerable.Range(0, problem.Hyperparameters.Length).Where(i => problem.Hyperparameters[i].Kind != ValueKind.Categorical)];
        var name = problem.Evaluate.GetProperty("function").GetString();
        _function = name switch
        {
            "ackley" => point => TestFunctions.Ackley(Shifted(point)),
            "rosenbrock" => point => TestFunctions.Rosenbrock(Shifted(point)),
            "levy" => point => TestFunctions.Levy(Shifted(point)),
            "rastrigin" => point => TestFunctions.Rastrigin(Shifted(point)),
            "michalewicz" => point => TestFunctions.Michalewicz(Shifted(point)),
            "branin" => point => TestFunctions.Branin(Shifted(point)),
            "hartmann6" => point => TestFunctions.Hartmann6(Shifted(point)),
            "ackley5mix" => point => ToyTrainings.AckleyMixed(Shifted(point), point.Choice("c")!),
            "hpotoy" => ToyTrainings.Network,
            "condtoy" => ToyTrainings.Learners,
            _ => throw new ProblemException($"Problem '{problem.Name}': there is no function '{name}' here; add it to TestFunctions."),
        };
    }

    public double Loss(Point point, double? fidelity = null) => _function(point);

    private double[] Shifted(Point point)
    {
        var z = new double[_numeric.Length];
        for (var i = 0; i < z.Length; i++) z[i] = point.Number(_numeric[i]) - (i < _shift.Length ? _shift[i] : 0);
        return z;
    }
}
