using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Evaluators;

/// <summary>Recorded trainings of scattered configurations: a point has the loss of the nearest one.</summary>
/// <remarks>
/// The layout says "each parameter scaled to [0, 1] by its range" and leaves open whether a log range is scaled by its logarithm; the
/// check points say it (see <see cref="EvaluatorFactory"/>).
/// </remarks>
internal sealed class PoolEvaluator : IEvaluator
{
    private readonly ProblemHyperparameter[] _hyperparameters;
    private readonly bool _logarithms;
    private readonly double[] _scaled; // rows x hyperparameters
    private readonly double[] _losses;

    public PoolEvaluator(Problem problem, ProblemFolder folder, bool logarithms)
    {
        _hyperparameters = [.. problem.Hyperparameters];
        _logarithms = logarithms;
        var columns = _hyperparameters.Length + 1;
        var numbers = FloatFile.Read(folder.DataFile($"{NameOf(problem)}.f32"), columns);
        _losses = new double[numbers.Length / columns];
        _scaled = new double[_losses.Length * _hyperparameters.Length];
        for (var row = 0; row < _losses.Length; row++)
        {
            for (var i = 0; i < _hyperparameters.Length; i++) _scaled[row * _hyperparameters.Length + i] = Scaled(i, numbers[row * columns + i]);
            _losses[row] = numbers[row * columns + columns - 1];
        }
    }

    public double Loss(Point point, double? fidelity = null)
    {
        var x = new double[_hyperparameters.Length];
        for (var i = 0; i < x.Length; i++) x[i] = Scaled(i, point.Number(i));
        var (nearest, least) = (0, double.PositiveInfinity);
        for (var row = 0; row < _losses.Length; row++)
        {
            var distance = 0.0;
            for (var i = 0; i < x.Length; i++)
            {
                var difference = x[i] - _scaled[row * x.Length + i];
                distance += difference * difference;
            }

            if (distance < least) (nearest, least) = (row, distance);
        }

        return _losses[nearest];
    }

    private double Scaled(int index, double value)
    {
        var h = _hyperparameters[index];
        if (double.IsNaN(value) || h.Low == h.High) return 0;
        if (h.Kind == ValueKind.Ordinal) return (value - h.Numbers[0]) / (h.Numbers[^1] - h.Numbers[0]);
        return h.IsLog && _logarithms
            ? (Math.Log(value) - Math.Log(h.Low)) / (Math.Log(h.High) - Math.Log(h.Low))
            : (value - h.Low) / (h.High - h.Low);
    }

    /// <summary>The one text beside the kind, such as <c>"pool": "pool/NAME"</c>.</summary>
    private static string NameOf(Problem problem)
    {
        foreach (var property in problem.Evaluate.EnumerateObject())
        {
            if (property.Name != "kind" && property.Value.ValueKind == System.Text.Json.JsonValueKind.String)
                return property.Value.GetString()!.Contains('/', StringComparison.Ordinal) ? property.Value.GetString()! : $"pool/{property.Value.GetString()}";
        }

        throw new ProblemException($"Problem '{problem.Name}' does not name its pool.");
    }
}
