using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using AutoTune.Quality.Problems;
using Microsoft.ML.OnnxRuntime;

namespace AutoTune.Quality.Evaluators;

/// <summary>A model that was trained on recorded trainings (YAHPO Gym), as ONNX.</summary>
internal sealed class SurrogateEvaluator : IEvaluator
{
    private readonly InferenceSession _session; // thread-safe
    private readonly (int Index, int Fixed, ImmutableDictionary<string, int> CodeOf)[] _categorical;
    private readonly (int Index, float Fixed, string Name)[] _continuous;
    private readonly string? _fidelity;
    private readonly int _output;
    private readonly LossFormula _loss;

    /// <param name="problem">The problem.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="session">The model; problems of one scenario share it.</param>
    public SurrogateEvaluator(Problem problem, ProblemFolder folder, InferenceSession session)
    {
        _session = session;
        _fidelity = problem.Fidelity?.Name;
        _output = problem.Evaluate.GetProperty("output").GetInt32();
        _loss = LossFormula.Parse(problem.Evaluate.GetProperty("loss").GetString()!);
        var names = problem.Hyperparameters.Select(h => h.Name).ToImmutableArray();
        var fixedValues = problem.Evaluate.GetProperty("fixed").EnumerateObject()
            .ToImmutableDictionary(p => p.Name, p => p.Value.ValueKind == JsonValueKind.String ? p.Value.GetString()! : p.Value.GetRawText());
        using var encoding = JsonDocument.Parse(File.ReadAllBytes(folder.DataFile($"{problem.Evaluate.GetProperty("folder").GetString()}/encoding.json")));
        var encodings = encoding.RootElement;

        _categorical = [.. Names("categorical").Select(name =>
        {
            var codeOf = encodings.GetProperty(name).EnumerateObject().ToImmutableDictionary(p => p.Name, p => p.Value.GetInt32());
            return (names.IndexOf(name), codeOf[fixedValues.GetValueOrDefault(name, "#na#")], codeOf);
        })];
        _continuous = [.. Names("continuous").Select(name =>
            (names.IndexOf(name), float.Parse(fixedValues.GetValueOrDefault(name, "0"), CultureInfo.InvariantCulture), name))];

        IEnumerable<string> Names(string kind) => problem.Evaluate.GetProperty(kind).EnumerateArray().Select(name => name.GetString()!);
    }

    // Outputs are float32: on another processor y = 98 came out 4e-4 apart, which 100 - y makes a fifth of a thousandth of the loss.
    public double Rounding => 1e-5 * Math.Abs(_loss.Constant);

    /// <summary>Loads a model, to be evaluated on the caller's thread alone: runs are what is spread over the cores.</summary>
    public static InferenceSession Load(string file)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        return new InferenceSession(file, options);
    }

    public double Loss(Point point, double? fidelity = null)
    {
        Span<double> loss = stackalloc double[1];
        if (fidelity is { } varied) Losses(point, [varied], loss);
        else Evaluate(point, [], loss);
        return loss[0];
    }

    /// <remarks>One call of the model for all of them: 52 epochs take as long as four calls.</remarks>
    public void Losses(Point point, ReadOnlySpan<double> fidelities, Span<double> losses) => Evaluate(point, fidelities, losses);

    /// <summary>A row for each fidelity; none is one row at full fidelity.</summary>
    private void Evaluate(Point point, ReadOnlySpan<double> fidelities, Span<double> losses)
    {
        var categorical = new int[losses.Length * _categorical.Length];
        for (var i = 0; i < _categorical.Length; i++)
        {
            var (index, value, codeOf) = _categorical[i];
            var code = index < 0 ? value : codeOf[point.Choice(index) ?? "#na#"];
            for (var row = 0; row < losses.Length; row++) categorical[row * _categorical.Length + i] = code;
        }

        var continuous = new float[losses.Length * _continuous.Length];
        for (var i = 0; i < _continuous.Length; i++)
        {
            var (index, value, name) = _continuous[i];
            var number = index < 0 ? value : point.Number(index);
            var isVaried = name == _fidelity && fidelities.Length > 0;
            for (var row = 0; row < losses.Length; row++)
                continuous[row * _continuous.Length + i] = isVaried ? (float)fidelities[row] : double.IsNaN(number) ? 0 : (float)number;
        }

        using var run = new RunOptions();
        using var cat = OrtValue.CreateTensorValueFromMemory(categorical, [losses.Length, _categorical.Length]);
        using var cont = OrtValue.CreateTensorValueFromMemory(continuous, [losses.Length, _continuous.Length]);
        using var outputs = _session.Run(run, ["x_cat", "x_cont"], [cat, cont], _session.OutputNames);
        var y = outputs[outputs.Count > 1 ? _output : 0].GetTensorDataAsSpan<float>();
        // Outputs apart are a column each; a single output has a column for each of its figures.
        var (first, stride) = outputs.Count > 1 ? (0, 1) : (_output, y.Length / losses.Length);
        for (var row = 0; row < losses.Length; row++) losses[row] = _loss.Apply(y[first + row * stride]);
    }
}
