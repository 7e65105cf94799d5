using System.Collections.Immutable;
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

    /// <summary>Keeps the folds of a trial that pauses or is stopped.</summary>
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

    /// <summary>The values of a trial's folds, from its reports: the mean of so many less that of one fewer.</summary>
    public static ImmutableArray<double> ValuesOf(Trial trial, Goal goal)
    {
        var values = ImmutableArray.CreateBuilder<double>(trial.Reports.Count);
        var sum = 0.0;
        foreach (var report in trial.Reports)
        {
            var total = report.Step * goal.Flip(report.Loss);
            values.Add(total - sum);
            sum = total;
        }

        return values.ToImmutable();
    }

    /// <summary>What a trial with these folds returns: means, the deviation of the metric that counts, seconds.</summary>
    public static TrialValues Summary(IReadOnlyList<FoldResult> folds)
    {
        var mean = folds.Average(fold => fold.Value);
        var figures = ImmutableSortedDictionary.CreateBuilder<string, double>();
        foreach (var name in folds[0].Figures.Keys)
        {
            var average = folds.Average(fold => fold.Figures.GetValueOrDefault(name, double.NaN));
            if (double.IsFinite(average)) figures[name] = average;
        }

        if (folds.Count > 1) figures[TrialFigures.StandardDeviation] = Math.Sqrt(folds.Sum(fold => (fold.Value - mean) * (fold.Value - mean)) / (folds.Count - 1));
        figures[TrialFigures.TrainingSeconds] = folds.Sum(fold => fold.TrainingSeconds);
        return new TrialValues(mean, figures.ToImmutable());
    }
}
