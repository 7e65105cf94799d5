using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AutoTune.MLNet.Quality;

/// <summary>What a study gave; a line of the file.</summary>
/// <param name="Data">The prices.</param>
/// <param name="Every">Every how manieth row was used.</param>
/// <param name="Way">How trials were ended.</param>
/// <param name="Tuner">Who proposed.</param>
/// <param name="Seed">The seed of the split, the folds and the study.</param>
/// <param name="Trials">How many trials there were.</param>
/// <param name="Folds">How many folds.</param>
internal sealed record RunRecord(string Data, int Every, string Way, string Tuner, int Seed, int Trials, int Folds)
{
    /// <summary>Reports in all: with cross-validation one is one fit.</summary>
    public int Fits { get; init; }

    /// <summary>Trials that ended early.</summary>
    public int Stopped { get; init; }

    /// <summary>The best value of the study: the mean RMSE over the folds.</summary>
    public double Best { get; init; }

    /// <summary>The RMSE of the final model on the rows that the study never saw.</summary>
    public double Test { get; init; }

    /// <summary>Seconds from the beginning to the final model.</summary>
    public double Seconds { get; init; }

    /// <summary>For each trial the values that it reported.</summary>
    public ImmutableArray<ImmutableArray<double>> Reports { get; init; } = [];

    /// <summary>For each trial the RMSE of its model on the rows that the study never saw; only of a pool.</summary>
    public ImmutableArray<double> Tests { get; init; } = [];

    /// <summary>What must be the same for two runs to be a pair.</summary>
    [JsonIgnore]
    public (string, int, string, int, int, int) Pair => (Data, Every, Tuner, Seed, Trials, Folds);

    public string ToLine() => JsonSerializer.Serialize(this);

    public static IEnumerable<RunRecord> Read(string file) => File.Exists(file)
        ? File.ReadLines(file).Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<RunRecord>(line)!)
        : [];
}
