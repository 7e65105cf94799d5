using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using AutoTune.Quality.Evaluators;
using AutoTune.Quality.Measuring;
using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Transferring;

/// <summary>Studies on other tasks of a problem's scenario, by random search.</summary>
/// <remarks>
/// Of a surrogate: other data sets that it knows, drawn for each seed; of a table: the other problems of the same name up to the last dash. Never the problem itself.
/// </remarks>
internal sealed class EarlierTasks(ProblemFolder folder, EvaluatorFactory factory, int tasks, int trials)
{
    private readonly Dictionary<string, Arena> _arenas = []; // by name; only looked up

    /// <summary>The scenario of a problem.</summary>
    public static string ScenarioOf(Problem problem) => problem.Name.LastIndexOf('-') is > 0 and var dash ? problem.Name[..dash] : "";

    /// <summary>How many other tasks there are.</summary>
    public int CountOf(Problem problem) => Math.Min(tasks, Others(problem).Length);

    /// <summary>The studies that came before one of this seed on this problem.</summary>
    public ImmutableArray<StudyView> StudiesOf(Problem problem, int seed)
    {
        var random = new RandomSource(seed).Fork("earlier tasks of " + problem.Name);
        var others = Others(problem);
        random.Shuffle(others.AsSpan());
        return [.. others.Take(tasks).Select((other, i) => Search(ArenaOf(other), random.Fork("study", i).NextSeed()))];
    }

    private StudyView Search(Arena arena, int seed)
    {
        using var study = new StudyBuilder(arena.Problem.Name).WithSearchSpace(arena.Space.Space).WithSeed(seed).ForTrials(trials)
            .StopAfterFailuresInARow(int.MaxValue).UseRandom().Open();
        while (study.Ask() is { } trial) study.Tell(trial, arena.Evaluator.Loss(arena.Space.PointOf(trial.Configuration)));
        return study.View;
    }

    private Arena ArenaOf(Problem problem)
    {
        if (!_arenas.TryGetValue(problem.Name, out var arena))
            _arenas.Add(problem.Name, arena = new Arena(problem, new ProblemSpace(problem), factory.Create(problem).Evaluator));
        return arena;
    }

    private Problem[] Others(Problem problem)
    {
        if (problem.Kind != "onnx") return [.. folder.Problems.Where(other => other.Name != problem.Name && ScenarioOf(other) == ScenarioOf(problem) && ScenarioOf(problem).Length > 0)];
        var evaluate = problem.Evaluate;
        var categorical = evaluate.GetProperty("categorical").EnumerateArray().Select(name => name.GetString()!).ToHashSet();
        var task = evaluate.GetProperty("fixed").EnumerateObject().First(value => categorical.Contains(value.Name));
        using var encoding = JsonDocument.Parse(File.ReadAllBytes(folder.DataFile($"{evaluate.GetProperty("folder").GetString()}/encoding.json")));
        return [.. encoding.RootElement.GetProperty(task.Name).EnumerateObject().Select(known => known.Name).Where(name => name != "#na#" && name != task.Value.GetString())
            .Select(name => problem with { Name = $"{ScenarioOf(problem)}-{name}", CheckPoints = [], Evaluate = With(evaluate, task.Name, name) })];
    }

    private static JsonElement With(JsonElement evaluate, string task, string name)
    {
        var changed = JsonNode.Parse(evaluate.GetRawText())!;
        changed["fixed"]![task] = name;
        return JsonSerializer.SerializeToElement(changed);
    }
}
