using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AutoTune.Quality.Measuring;

namespace AutoTune.Quality.Simulating;

/// <summary>What one simulated study reached: a line of <c>peers/multi-fidelity.jsonl</c>, or of ours, which say more.</summary>
internal sealed record SimulationRecord
{
    /// <summary>Who searched: <c>TUNER+SCHEDULER</c> behind the library's name.</summary>
    public required string Peer { get; init; }

    /// <summary>On which problem.</summary>
    public required string Problem { get; init; }

    /// <summary>The study's seed.</summary>
    public required int Seed { get; init; }

    /// <summary>How many trials ran at a time.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>The steps of a full training; 0 where the line does not say.</summary>
    public int Full { get; init; }

    /// <summary>The steps that could be spent.</summary>
    public required double Budget { get; init; }

    /// <summary>The configuration with the best loss reported so far at any step.</summary>
    public required ImmutableArray<Change> Incumbents { get; init; }

    /// <summary>The best completed trial; default where the line does not say.</summary>
    public ImmutableArray<Change> Completed { get; init; }

    /// <summary>How many reports there were at each step.</summary>
    public ImmutableArray<int> Reports { get; init; } = [];

    /// <summary>The steps spent.</summary>
    public double Spent { get; init; }

    /// <summary>The simulated time that it took.</summary>
    public double Hours { get; init; } = double.NaN;

    /// <summary>The share of the slots' time in which they were busy.</summary>
    public double Busy { get; init; } = double.NaN;

    /// <summary>Trials started.</summary>
    public int Trials { get; init; }

    /// <summary>Trials completed.</summary>
    public int Finished { get; init; }

    /// <summary>Trials completed below full fidelity: a fault of the scheduler.</summary>
    public int FinishedEarly { get; init; }

    /// <summary>Trials stopped for good.</summary>
    public int Stopped { get; init; }

    /// <summary>Proposals that failed and were drawn at random.</summary>
    public int TunerFailures { get; init; }

    /// <summary>Why it ended before the budget was spent; empty if it did not.</summary>
    public string Stop { get; init; } = "";

    /// <summary>Seconds of real time that it took.</summary>
    public double Seconds { get; init; } = double.NaN;

    /// <summary>The line.</summary>
    public string ToLine()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) // a plus stays a plus
        {
            json.WriteStartObject();
            json.WriteString("peer", Peer);
            json.WriteString("problem", Problem);
            json.WriteNumber("seed", Seed);
            json.WriteNumber("slots", Slots);
            json.WriteNumber("full", Full);
            json.WriteNumber("budget", Budget);
            Numbers(json, "epochs", Incumbents.Select(change => change.Steps));
            Numbers(json, "loss", Incumbents.Select(change => change.Loss));
            Numbers(json, "hours", Incumbents.Select(change => change.Hours));
            Numbers(json, "doneEpochs", Completed.Select(change => change.Steps));
            Numbers(json, "doneLoss", Completed.Select(change => change.Loss));
            Numbers(json, "doneHours", Completed.Select(change => change.Hours));
            Numbers(json, "reports", Reports.Select(count => (double)count));
            json.WritePropertyName("spent");
            json.WriteRawValue(RunRecord.Digits(Spent, "G9"));
            json.WritePropertyName("end");
            json.WriteRawValue(RunRecord.Digits(Hours, "G9"));
            json.WriteNumber("busy", Math.Round(Busy, 5));
            json.WriteNumber("trials", Trials);
            json.WriteNumber("finished", Finished);
            json.WriteNumber("finishedEarly", FinishedEarly);
            json.WriteNumber("stopped", Stopped);
            json.WriteNumber("tunerFailures", TunerFailures);
            json.WriteString("stop", Stop);
            json.WriteNumber("sec", Math.Round(Seconds, 3));
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>The simulated studies of a file; lines of another kind are left out.</summary>
    public static ImmutableArray<SimulationRecord> ReadFile(string file)
        => [.. File.ReadLines(file).Where(line => line.Length > 0).Select(Parse).OfType<SimulationRecord>()];

    /// <summary>Reads a line; null if it is of another kind.</summary>
    public static SimulationRecord? Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        var json = document.RootElement;
        if (!json.TryGetProperty("epochs", out _)) return null;
        return new SimulationRecord
        {
            Peer = json.GetProperty("peer").GetString()!, Problem = json.GetProperty("problem").GetString()!, Seed = json.GetProperty("seed").GetInt32(),
            Slots = Whole("slots", 1), Full = Whole("full", 0), Budget = json.GetProperty("budget").GetDouble(),
            Incumbents = Changes("epochs", "hours", "loss"),
            Completed = json.TryGetProperty("doneEpochs", out _) ? Changes("doneEpochs", "doneHours", "doneLoss") : default,
            Reports = json.TryGetProperty("reports", out var reports) ? [.. reports.EnumerateArray().Select(count => count.GetInt32())] : [],
            Spent = Real("spent"), Hours = Real("end"), Busy = Real("busy"), Trials = Whole("trials", 0), Finished = Whole("finished", 0),
            FinishedEarly = Whole("finishedEarly", 0), Stopped = Whole("stopped", 0), TunerFailures = Whole("tunerFailures", 0),
            Stop = json.TryGetProperty("stop", out var stop) ? stop.GetString()! : "", Seconds = Real("sec"),
        };

        int Whole(string name, int otherwise) => json.TryGetProperty(name, out var value) ? value.GetInt32() : otherwise;

        double Real(string name) => json.TryGetProperty(name, out var value) ? value.GetDouble() : double.NaN;

        ImmutableArray<Change> Changes(string steps, string hours, string losses)
        {
            var (at, loss) = (List(steps), List(losses));
            var when = json.TryGetProperty(hours, out _) ? List(hours) : [.. at.Select(_ => double.NaN)];
            return [.. at.Select((step, i) => new Change(step, when[i], loss[i]))];
        }

        double[] List(string name) => [.. json.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
    }

    private static void Numbers(Utf8JsonWriter json, string name, IEnumerable<double> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers) json.WriteRawValue(RunRecord.Digits(number, "G7"));
        json.WriteEndArray();
    }
}
