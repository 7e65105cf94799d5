using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AutoTune.Quality.Measuring;

/// <summary>What one study reached: a line of a peer's file, or of ours.</summary>
/// <param name="Peer">Who searched; ours begin with <c>autotune-</c>.</param>
/// <param name="Problem">On which problem.</param>
/// <param name="Seed">The study's seed.</param>
/// <param name="Best">The best loss after 1, 2, ... trials; infinite while all have failed.</param>
/// <param name="Seconds">Seconds that the tuner thought in all, told trials included.</param>
/// <param name="AskMilliseconds">Milliseconds that it thought before each trial; empty where unknown.</param>
/// <param name="Fallbacks">Trials that the study drew at random, because the tuner failed or repeated itself.</param>
internal sealed record RunRecord(string Peer, string Problem, int Seed, ImmutableArray<double> Best, double Seconds,
    ImmutableArray<double> AskMilliseconds, int Fallbacks)
{
    /// <summary>What our names begin with, so that our random search is not the peers'.</summary>
    public const string OurPrefix = "autotune-";

    /// <summary>The line. Losses have seven digits, as the peers' have: equal ones are then equal.</summary>
    public string ToLine()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("peer", Peer);
            json.WriteString("problem", Problem);
            json.WriteNumber("seed", Seed);
            json.WriteStartArray("best");
            foreach (var loss in Best)
            {
                if (double.IsFinite(loss)) json.WriteRawValue(Digits(loss, "G7"));
                else json.WriteNullValue();
            }

            json.WriteEndArray();
            json.WriteNumber("sec", Math.Round(Seconds, 4));
            json.WriteStartArray("ask");
            foreach (var milliseconds in AskMilliseconds) json.WriteRawValue(Digits(milliseconds, "G3"));
            json.WriteEndArray();
            json.WriteNumber("fallbacks", Fallbacks);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>The runs of a file; lines of another kind (multi-fidelity runs) are left out.</summary>
    public static ImmutableArray<RunRecord> ReadFile(string file)
    {
        var records = ImmutableArray.CreateBuilder<RunRecord>();
        foreach (var line in File.ReadLines(file).Where(line => line.Length > 0))
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            if (!json.TryGetProperty("best", out var best)) continue;
            records.Add(new RunRecord(json.GetProperty("peer").GetString()!, json.GetProperty("problem").GetString()!, json.GetProperty("seed").GetInt32(),
                [.. best.EnumerateArray().Select(loss => loss.ValueKind == JsonValueKind.Number ? loss.GetDouble() : double.PositiveInfinity)],
                json.TryGetProperty("sec", out var seconds) && seconds.ValueKind == JsonValueKind.Number ? seconds.GetDouble() : double.NaN,
                json.TryGetProperty("ask", out var ask) ? [.. ask.EnumerateArray().Select(milliseconds => milliseconds.GetDouble())] : [],
                json.TryGetProperty("fallbacks", out var fallbacks) ? fallbacks.GetInt32() : 0));
        }

        return records.ToImmutable();
    }

    // Through a double again: G7 writes 1E-05 and -0, JSON's own form is wanted.
    internal static string Digits(double value, string format)
        => JsonSerializer.Serialize(double.Parse(value.ToString(format, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
}
