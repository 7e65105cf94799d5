using System.Globalization;

namespace AutoTune.Studies;

/// <summary>A time span for people.</summary>
internal static class Duration
{
    /// <summary>For example <c>950 ms</c>, <c>12.5 s</c>, <c>2 min 30 s</c>, <c>3 h 5 min</c>.</summary>
    public static string Text(TimeSpan time)
    {
        FormattableString text = time.TotalSeconds switch
        {
            < 1 => $"{time.TotalMilliseconds:0} ms",
            < 60 => $"{time.TotalSeconds:0.#} s",
            < 3600 when time.Seconds == 0 => $"{time.Minutes} min",
            < 3600 => $"{time.Minutes} min {time.Seconds} s",
            _ => $"{(long)time.TotalHours} h {time.Minutes} min",
        };
        return text.ToString(CultureInfo.InvariantCulture);
    }
}
