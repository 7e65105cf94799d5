using System.Collections.Immutable;
using System.Text.Json;

namespace AutoTune.Quality.Problems;

/// <summary>Reads <c>problems.json</c>.</summary>
internal static class ProblemReader
{
    /// <summary>All problems of the file, in its order.</summary>
    /// <exception cref="ProblemException">The file is not what the layout says.</exception>
    public static ImmutableArray<Problem> Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return [.. document.RootElement.EnumerateArray().Select(ReadProblem)];
    }

    private static Problem ReadProblem(JsonElement json)
    {
        var name = json.GetProperty("name").GetString()!;
        try
        {
            ImmutableArray<ProblemHyperparameter> hyperparameters = [.. json.GetProperty("params").EnumerateArray().Select(ReadHyperparameter)];
            var evaluate = json.GetProperty("evaluate").Clone(); // the document is closed before it is used
            var fidelity = json.TryGetProperty("fidelity", out var varied) && varied.ValueKind == JsonValueKind.Object ? ReadFidelity(varied) : null;
            ImmutableArray<CheckPoint> checks = json.TryGetProperty("check", out var points) ? [.. points.EnumerateArray().Select(p => ReadCheck(p, hyperparameters))] : [];
            return new Problem(name, hyperparameters, json.GetProperty("best").GetDouble(), json.GetProperty("reference").GetDouble(),
                evaluate.GetProperty("kind").GetString()!, evaluate, fidelity, checks)
            {
                Suite = json.TryGetProperty("suite", out var suite) && suite.ValueKind == JsonValueKind.String ? suite.GetString()! : "",
            };
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ProblemException($"Problem '{name}' of problems.json cannot be read: {error.Message}");
        }
    }

    private static ProblemHyperparameter ReadHyperparameter(JsonElement json)
    {
        var name = json.GetProperty("name").GetString()!;
        var type = json.GetProperty("type").GetString();
        var kind = type switch
        {
            "float" => ValueKind.Real,
            "int" => ValueKind.Integer,
            "ordinal" => ValueKind.Ordinal,
            "cat" => ValueKind.Categorical,
            _ => throw new ProblemException($"Hyperparameter '{name}' is of type '{type}'; known are float, int, ordinal, cat."),
        };
        ImmutableArray<string> choices = json.TryGetProperty("choices", out var list) ? [.. list.EnumerateArray().Select(TextOf)] : [];
        var hasRange = choices.IsEmpty;
        string? parent = null;
        ImmutableArray<string> parentValues = [];
        if (json.TryGetProperty("cond", out var condition) && condition.ValueKind == JsonValueKind.Object)
        {
            parent = condition.GetProperty("parent").GetString();
            parentValues = [.. condition.GetProperty("values").EnumerateArray().Select(TextOf)];
        }

        return new ProblemHyperparameter(name, kind,
            hasRange ? json.GetProperty("low").GetDouble() : 0,
            hasRange ? json.GetProperty("high").GetDouble() : choices.Length - 1,
            json.TryGetProperty("log", out var log) && log.ValueKind == JsonValueKind.True,
            choices, kind == ValueKind.Ordinal ? [.. list.EnumerateArray().Select(value => value.GetDouble())] : [], parent, parentValues);
    }

    private static Fidelity ReadFidelity(JsonElement json) => new(json.GetProperty("name").GetString()!,
        json.GetProperty("low").GetDouble(), json.GetProperty("high").GetDouble(), json.GetProperty("type").GetString() == "int");

    private static CheckPoint ReadCheck(JsonElement json, ImmutableArray<ProblemHyperparameter> hyperparameters)
    {
        var codes = new double[hyperparameters.Length];
        codes.AsSpan().Fill(double.NaN);
        foreach (var value in json.GetProperty("x").EnumerateObject())
        {
            var index = hyperparameters.Select(h => h.Name).ToImmutableArray().IndexOf(value.Name);
            if (index < 0) throw new ProblemException($"A check point sets '{value.Name}', which is not among the hyperparameters.");
            codes[index] = hyperparameters[index].Code(TextOf(value.Value));
            if (double.IsNaN(codes[index])) throw new ProblemException($"A check point sets '{value.Name}' to {value.Value}, which it cannot be.");
        }

        return new CheckPoint(new Point(hyperparameters, codes), json.GetProperty("loss").GetDouble(), Optional(json, "fidelity"), Optional(json, "lossAtFidelity"));
    }

    private static double? Optional(JsonElement json, string name)
        => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
