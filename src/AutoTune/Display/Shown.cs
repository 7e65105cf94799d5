using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Spectre.Console;

namespace AutoTune.Display;

/// <summary>Values as people read them: a few digits, culture-free. The exact ones are in the journal.</summary>
internal static class Shown
{
    public static string Number(double value) => value.ToString("G5", CultureInfo.InvariantCulture);

    public static string Value(HyperparameterValue value) => value.Value is double real ? real.ToString("G4", CultureInfo.InvariantCulture) : value.Text;

    /// <summary>For example <c>k=5, metric=euclidean</c>.</summary>
    public static string Plain(Configuration configuration)
        => configuration.Values is { IsEmpty: false } values ? string.Join(", ", values.Select(value => $"{Name(value.Hyperparameter, values)}={Value(value)}")) : "nothing to tune";

    /// <summary>The same as lines of Spectre's markup, names dimmed; a name and its value stay together.</summary>
    public static string Markup(Configuration configuration, int width)
    {
        if (configuration.Values is not { IsEmpty: false } values) return "[grey]nothing to tune[/]";
        var text = new StringBuilder();
        var used = 0;
        foreach (var value in values)
        {
            var (name, shown) = (Name(value.Hyperparameter, values), Value(value));
            var length = name.Length + 1 + shown.Length;
            if (used > 0) text.Append(used + 2 + length > width ? "\n" : "  ");
            used = used > 0 && used + 2 + length <= width ? used + 2 + length : length;
            text.Append(CultureInfo.InvariantCulture, $"[grey]{name.EscapeMarkup()}=[/]{shown.EscapeMarkup()}");
        }

        return text.ToString();
    }

    /// <summary>The name without its nests (<c>NumberOfLeaves</c> for <c>LightGbm.NumberOfLeaves</c>), if no other of the configuration ends alike.</summary>
    private static string Name(Hyperparameter hyperparameter, ImmutableArray<HyperparameterValue> values)
    {
        var last = hyperparameter.Name[(hyperparameter.Name.LastIndexOf('.') + 1)..];
        return values.Count(value => value.Hyperparameter.Name == last || value.Hyperparameter.Name.EndsWith($".{last}", StringComparison.Ordinal)) == 1
            ? last : hyperparameter.Name;
    }

    /// <summary>For example <c>4.2 s</c>, <c>42 s</c>, <c>3 min 5 s</c>, <c>2 h 10 min</c>.</summary>
    public static string Time(TimeSpan time)
    {
        FormattableString text = time.TotalSeconds switch
        {
            < 9.95 => $"{time.TotalSeconds:0.0} s",
            < 59.5 => $"{time.TotalSeconds:0} s",
            < 3599.5 => $"{(int)Math.Round(time.TotalSeconds) / 60} min {(int)Math.Round(time.TotalSeconds) % 60} s",
            _ => $"{(long)time.TotalMinutes / 60} h {(long)time.TotalMinutes % 60} min",
        };
        return text.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>For example <c>1 trial</c>, <c>12 trials</c>.</summary>
    public static string Trials(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "trial" : "trials")}");
}
