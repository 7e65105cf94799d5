using System.Text.Json;
using System.Text.Json.Serialization;

namespace AutoTune.MLNet;

/// <summary>What one fold gave.</summary>
/// <param name="Value">The value of the goal's metric.</param>
/// <param name="TrainingSeconds">How long the fit took.</param>
/// <param name="Figures">The task's other metrics.</param>
internal sealed record FoldResult(double Value, double TrainingSeconds, SortedDictionary<string, double> Figures)
{
    private const string FileName = "folds.json";
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Keeps the folds of a trial that pauses.</summary>
    public static void Save(ITrialContext trial, IReadOnlyList<FoldResult> folds)
        => File.WriteAllText(Path.Combine(trial.ArtifactDirectory, FileName), JsonSerializer.Serialize(folds, Json));

    /// <summary>The folds that a trial has behind it; none if it is fresh, or they are lost: then they are evaluated again.</summary>
    public static List<FoldResult> Load(ITrialContext trial)
    {
        if (trial.ResumeAfterStep == 0) return [];
        var path = Path.Combine(trial.ArtifactDirectory, FileName);
        if (!File.Exists(path)) return [];
        try
        {
            return [.. (JsonSerializer.Deserialize<List<FoldResult>>(File.ReadAllText(path), Json) ?? []).Take(trial.ResumeAfterStep)];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
