using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace AutoTune;

/// <summary>The best trials of a study, best first. Prints itself as a table.</summary>
/// <param name="Metric">The metric that counts.</param>
/// <param name="Leaders">The trials.</param>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed record Leaderboard(string Metric, ImmutableArray<Leader> Leaders)
{
    internal static Leaderboard Of(StudyView view, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var best = view.Trials.Where(trial => trial.Loss is not null && trial.MeetsRequirements).OrderBy(trial => trial.Loss).ThenBy(trial => trial.Id).Take(count);
        return new Leaderboard(view.Goal.Metric, [.. best.Select((trial, i) => new Leader(i + 1, view.Goal.Flip(trial.Loss!.Value), trial))]);
    }

    /// <summary>A table: rank, trial, value, deviation over the folds, seconds of training, configuration.</summary>
    public override string ToString()
    {
        var width = Math.Max(10, Metric.Length);
        var hasFolds = Leaders.Any(leader => leader.Figure(TrialFigures.StandardDeviation) is not null);
        string Row(string rank, string trial, string value, string deviation, string seconds, string configuration)
            => $"{rank,4}  {trial,5}  {value.PadLeft(width)}  {(hasFolds ? $"{deviation,9}  " : "")}{seconds,7}  {configuration}";

        var text = new StringBuilder().AppendLine(Row("rank", "trial", Metric, "± folds", "seconds", "configuration"));
        foreach (var leader in Leaders)
        {
            text.AppendLine(Row(Text(leader.Rank, "D"), Text(leader.Trial.Id.Number, "D"), Text(leader.Value, "G6"),
                Text(leader.Figure(TrialFigures.StandardDeviation), "G3"), Text(leader.Figure(TrialFigures.TrainingSeconds), "F2"), leader.ConfigurationText));
        }

        return text.ToString().TrimEnd();
    }

    private static string Text(IFormattable? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}

/// <summary>A trial on a leaderboard.</summary>
/// <param name="Rank">Its place, from 1.</param>
/// <param name="Value">The value of the metric that counts.</param>
/// <param name="Trial">The trial, with its configuration and figures.</param>
public sealed record Leader(int Rank, double Value, Trial Trial)
{
    /// <summary>Another figure of the trial, such as "RootMeanSquaredError" or those of <see cref="TrialFigures"/>; null if it has none of this name.</summary>
    public double? Figure(string name)
        => Trial.Outcome is TrialOutcome.Completed completed && completed.Metrics.TryGetValue(name, out var value) ? value : null;

    internal string ConfigurationText
        => Trial.Configuration.Values is { IsEmpty: false } values
            ? string.Join(", ", values.Select(value => $"{value.Hyperparameter.Name}={Shown(value)}"))
            : Trial.Configuration.ToString();

    /// <summary>Real numbers in four digits: the rest is noise to a reader, and the exact value is in the configuration.</summary>
    internal static string Shown(HyperparameterValue value)
        => value.Value is double real ? real.ToString("G4", CultureInfo.InvariantCulture) : value.Text;
}
