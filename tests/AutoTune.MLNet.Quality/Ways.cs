using Microsoft.ML.Data;

namespace AutoTune.MLNet.Quality;

/// <summary>The ways in which a study may end its trials; a line each.</summary>
internal static class Ways
{
    public static PipelineTuning<RegressionMetrics> Apply(string way, PipelineTuning<RegressionMetrics> tuning) => way switch
    {
        "all" => tuning,
        _ => throw new FormatException($"There is no way '{way}'."),
    };
}
