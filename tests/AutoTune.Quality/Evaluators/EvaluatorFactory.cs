using AutoTune.Quality.Problems;
using Microsoft.ML.OnnxRuntime;

namespace AutoTune.Quality.Evaluators;

/// <summary>Makes evaluators that have proved themselves. Not thread-safe.</summary>
internal sealed class EvaluatorFactory(ProblemFolder folder) : IDisposable
{
    private readonly Dictionary<string, InferenceSession> _models = [];

    /// <summary>The evaluator of a problem, proved on its check points.</summary>
    /// <exception cref="ProblemException">Its data are not what the layout says, or a check point gives another loss.</exception>
    public (IEvaluator Evaluator, Proof Proof) Create(Problem problem)
    {
        var evaluator = Load(problem);
        var proof = Proof.Of(problem, evaluator);
        return proof.Mismatch is null ? (evaluator, proof) : throw new ProblemException(proof.Mismatch);
    }

    public void Dispose()
    {
        foreach (var model in _models.Values) model.Dispose();
    }

    private IEvaluator Load(Problem problem)
    {
        try
        {
            return problem.Kind switch
            {
                "function" => new FunctionEvaluator(problem),
                "table" => new TableEvaluator(problem, folder),
                "onnx" => new SurrogateEvaluator(problem, folder, Model(problem.Evaluate.GetProperty("folder").GetString()!)),
                "nearest" => Pool(problem),
                _ => throw new ProblemException($"Problem '{problem.Name}' is of kind '{problem.Kind}'; known are function, table, onnx, nearest."),
            };
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException or FormatException or OnnxRuntimeException)
        {
            throw new ProblemException($"Problem '{problem.Name}' of kind '{problem.Kind}' cannot be evaluated: {error.Message}");
        }
    }

    private PoolEvaluator Pool(Problem problem)
    {
        var pool = new PoolEvaluator(problem, folder, logarithms: true);
        return Proof.Of(problem, pool).Mismatch is null ? pool : new PoolEvaluator(problem, folder, logarithms: false);
    }

    private InferenceSession Model(string scenario)
    {
        if (!_models.TryGetValue(scenario, out var model)) _models.Add(scenario, model = SurrogateEvaluator.Load(folder.DataFile($"{scenario}/model.onnx")));
        return model;
    }
}
