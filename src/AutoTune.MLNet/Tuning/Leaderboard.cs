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
        var best = view.Trials.Where(trial => trial.Loss is not null).OrderBy(trial => trial.Loss).ThenBy(trial => trial.Id).Take(count);
        return new Leaderboard(view.Goal.Metric, [.. best.Select((trial, i) => new Leader(i + 1, view.Goal.Flip(trial.Loss!.Value), trial))]);
    }

    /// <summary>A table: rank, trial, value, deviation over the folds, seconds of training, configuration.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"rank  trial  {Metric,14}  {"± folds",10}  {"seconds",8}  configuration");
        foreach (var leader in Leaders)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{leader.Rank,4}  {leader.Trial.Id.Number,5}  {leader.Value,14:G6}  {leader.Figure(TrialFigures.StandardDeviation),10:G3}  {leader.Figure(TrialFigures.TrainingSeconds),8:F2}  {leader.ConfigurationText}");
        }

        return text.ToString().TrimEnd();
    }
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
        => Trial.Configuration.Values is { IsEmpty: false } values ? string.Join(", ", values.Select(value => $"{value.Hyperparameter.Name}={Shown(value)}")) : Trial.Configuration.ToString();

    /// <summary>Real numbers in four digits: the rest is noise to a reader, and the exact value is in the configuration.</summary>
    internal static string Shown(HyperparameterValue value)
        => value.Value is double real ? real.ToString("G4", CultureInfo.InvariantCulture) : value.Text;
}
