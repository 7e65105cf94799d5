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
        string text => text,
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => Invariant(value),
    };

    // Tuples and records write their numbers in the culture of the thread.
    private static string Invariant(object value)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            return value.ToString() ?? "null";
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
