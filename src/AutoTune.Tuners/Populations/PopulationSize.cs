namespace AutoTune.Tuners.Populations;

/// <summary>How many points a population has where nothing is said.</summary>
internal static class PopulationSize
{
    private const int WithoutLimit = 20, Least = 6;

    /// <summary>
    /// The root of the number of trials, so that there are as many rounds as points: the sizes of the literature, 18 d for L-SHADE or 40 for a swarm,
    /// are for ten thousand evaluations a coordinate, of which a study has a hundredth. 20 where there is no limit.
    /// </summary>
    public static int For(int? trials) => trials is { } limit ? Math.Max(Least, (int)Math.Round(Math.Sqrt(limit))) : WithoutLimit;

    /// <summary>Half of that, for a search whose every child comes from the best; at least 6.</summary>
    public static int HalfFor(int? trials) => Math.Max(Least, For(trials) / 2);
}
