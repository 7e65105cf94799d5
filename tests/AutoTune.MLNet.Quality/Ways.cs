using AutoTune.Tuners.Racing;

namespace AutoTune.MLNet.Quality;

/// <summary>The ways in which a study may end its trials; a line each.</summary>
internal static class Ways
{
    public static T Apply<T>(string way, T study) where T : StudyBuilder => way switch
    {
        "all" => study,
        "median" => study.UseMedianRule(),
        "racing" => study.UseRacing(),
        "strict" => study.UseRacing(new RacingOptions { Indifference = 0 }),
        "asha" => study.UseAsha(),
        _ => throw new FormatException($"There is no way '{way}'."),
    };
}
