using System.Globalization;

namespace AutoTune.Benchmarks.Readers;

/// <summary>What is measured.</summary>
/// <param name="Readers">How many processes read.</param>
/// <param name="Repeats">How often each load meets each company.</param>
/// <param name="Seconds">About how long a study runs.</param>
/// <param name="Loads">What the objectives do.</param>
internal sealed record ReaderOptions(int Readers, int Repeats, double Seconds, IReadOnlyList<Load> Loads)
{
    public static ReaderOptions Parse(string[] arguments)
    {
        var options = new ReaderOptions(8, 5, 2, [.. "full,wait-1,wait-5,compute-1,compute-5".Split(',').Select(Load.Parse)]);
        for (var i = 0; i + 1 < arguments.Length; i += 2)
        {
            var value = arguments[i + 1];
            options = arguments[i] switch
            {
                "--readers" => options with { Readers = int.Parse(value, CultureInfo.InvariantCulture) },
                "--repeats" => options with { Repeats = int.Parse(value, CultureInfo.InvariantCulture) },
                "--seconds" => options with { Seconds = double.Parse(value, CultureInfo.InvariantCulture) },
                "--loads" => options with { Loads = [.. value.Split(',').Select(Load.Parse)] },
                var unknown => throw new ArgumentException($"Option '{unknown}' is unknown; there are --readers, --repeats, --seconds and --loads."),
            };
        }

        return options;
    }
}

/// <summary>What an objective does: nothing, or wait or compute for some milliseconds, a fifth of them before each report.</summary>
internal sealed record Load(string Name, bool Computes, int Milliseconds)
{
    public static Load Parse(string name) => name.Split('-') switch
    {
        ["full"] => new Load(name, false, 0),
        [("wait" or "compute") and var kind, var milliseconds] => new Load(name, kind == "compute", int.Parse(milliseconds, CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException($"Load '{name}' is unknown; there are full, wait-N and compute-N with N in milliseconds."),
    };

    /// <summary>About so many trials of two slots take this long.</summary>
    public int TrialsIn(double seconds) => (int)(seconds * (Milliseconds == 0 ? 25_000 : 2_000.0 / Milliseconds));
}
