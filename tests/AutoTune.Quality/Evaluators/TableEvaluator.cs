using System.Text.Json;
using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Evaluators;

/// <summary>Recorded trainings of every configuration of a grid, some repeats each.</summary>
internal sealed class TableEvaluator : IEvaluator
{
    private readonly float[] _values; // configurations x repeats
    private readonly int _repeats;
    private readonly (int Index, int Count, double[] Codes)[] _order; // of the table's rows; the last one is fastest
    private readonly double? _top; // of a value that was maximised

    public TableEvaluator(Problem problem, ProblemFolder folder)
    {
        var name = problem.Evaluate.GetProperty("table").GetString()!;
        using var document = JsonDocument.Parse(File.ReadAllBytes(folder.DataFile($"{name}.json")));
        var table = document.RootElement;
        _repeats = table.GetProperty("n_reps").GetInt32();
        _top = table.GetProperty("direction").GetString() != "maximize" ? null : table.GetProperty("bench").GetString() == "nasbench201" ? 100 : 1;
        _order = [.. table.GetProperty("params").EnumerateArray().Select(json => Order(problem, json))];
        _values = FloatFile.Read(folder.DataFile($"{name}.f32"), _repeats);
        var configurations = _order.Aggregate(1L, (product, axis) => product * axis.Count);
        if (_values.Length != configurations * _repeats)
            throw new ProblemException($"Table '{name}' has {_values.Length / _repeats} rows, its choices make {configurations}.");
    }

    public double Loss(Point point, double? fidelity = null)
    {
        var row = 0;
        foreach (var (index, count, codes) in _order) row = row * count + Array.IndexOf(codes, point.Codes[index]);
        var (sum, recorded) = (0.0, 0);
        foreach (var value in _values.AsSpan(row * _repeats, _repeats))
        {
            if (float.IsNaN(value)) continue;
            sum += value;
            recorded++;
        }

        var mean = recorded == 0 ? double.NaN : sum / recorded;
        return _top is { } top ? top - mean : mean;
    }

    /// <summary>The table's choices in its own order, as the problem's codes.</summary>
    private static (int Index, int Count, double[] Codes) Order(Problem problem, JsonElement json)
    {
        var index = problem.IndexOf(json.GetProperty("name").GetString()!);
        double[] codes = [.. json.GetProperty("choices").EnumerateArray()
            .Select(choice => problem.Hyperparameters[index].Code(choice.ValueKind == JsonValueKind.String ? choice.GetString()! : choice.GetRawText()))];
        return (index, codes.Length, codes);
    }
}
