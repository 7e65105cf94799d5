namespace AutoTune.Tuners.Genetic;

/// <summary>What leaves the full population of <see cref="GeneticExtensions.UseGenetic{T}"/> for a new point.</summary>
public enum GeneticReplacement
{
    /// <summary>The worst, be it the new one: the best are kept (Whitley 1989).</summary>
    Worst,

    /// <summary>
    /// The oldest (regularised evolution, Real and others 2019): a point of a lucky loss does not stay for ever. For noisy losses and thousands of trials; give
    /// a larger tournament with it.
    /// </summary>
    Oldest,
}
