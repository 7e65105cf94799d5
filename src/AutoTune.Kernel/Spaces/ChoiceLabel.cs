using System.Globalization;

namespace AutoTune;

/// <summary>The text by which a choice is stored and told apart.</summary>
internal static class ChoiceLabel
{
    public static string Of<T>(T value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        double or float => ((IFormattable)value).ToString("R", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "null",
    };
}
