using AutoTune.Tuners.CmaEs;
using AutoTune.Tuners.Forecasts;
using AutoTune.Tuners.Forest;
using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Portfolio;
using AutoTune.Tuners.Tpe;

namespace AutoTune;

/// <summary>The verb that makes a study search by a portfolio of tuners.</summary>
public static class PortfolioExtensions
{
    /// <summary>
    /// Searches by a portfolio: a Gaussian process, a random forest, a Parzen estimator and CMA-ES learn from all trials; the next trial goes to the
    /// member that is furthest behind its share, and shares follow how well a member's model would have predicted this study's trials and how
    /// many of the latest improvements it found. The default of <c>Tune.Study</c> and <c>TuneAsync</c>.
    /// </summary>
    /// <remarks>A trial keeps its member as <see cref="Trial.Origin"/> and the reason as its note <c>because</c>.</remarks>
    /// <param name="study">The study.</param>
    public static T UsePortfolio<T>(this T study)
        where T : StudyBuilder
        => study.UseTuner("portfolio", (space, random) => Create(space, random, study));

    internal static PortfolioTuner Create(SearchSpace space, RandomSource random, StudyBuilder study) => new(
    [
        new Member("Gaussian process", new GaussianProcessTuner(space, new GaussianProcessOptions(), random, StudyLimits.Of(study)), 1),
        new Member("forest", new ForestTuner(space, new ForestOptions(), random, study.Steps), 0.2),
        new Member("TPE", RepeatsTuner.Over(new TpeTuner(space, new TpeOptions(), random), study.Steps), 0.15),
        new Member("CMA-ES", RepeatsTuner.Over(new CmaEsTuner(space, new CmaEsOptions(), random), study.Steps), 0.05),
    ], study.Steps);
}
