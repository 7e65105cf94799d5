using AutoTune.Tuners.FrugalSearch;

namespace AutoTune;

/// <summary>The verb that makes a study search frugally.</summary>
public static class FrugalSearchExtensions
{
    /// <summary>
    /// Searches frugally, as CFO and BlendSearch do (FLAML; Wu and others 2021, Wang and others 2021): begins at a cheap configuration and takes small steps from it that are kept where they pay, beside a global
    /// search that gets as much of the cost. For trials whose time varies much with the configuration, such as numbers of trees or layers:
    /// in a study with a time limit, trials cost the time that they took, and dear configurations come only once cheap ones have led there.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="options">How it searches; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <remarks>A start that the space does not have is said when the tuner begins: <see cref="SearchSpaceException"/>.</remarks>
    public static T UseFrugalSearch<T>(this T study, FrugalSearchOptions? options = null)
        where T : StudyBuilder
    {
        var validated = (options ?? new FrugalSearchOptions()).Validated();
        return study.UseTuner("frugal search", (space, random) =>
        {
            // Asked when the study opens: a limit may be set after this verb.
            var isMeasured = validated.Cost == FrugalCost.Duration || (validated.Cost == FrugalCost.Automatic && study.TimeLimit is not null);
            return new FrugalSearchTuner(space, validated, isMeasured, random);
        });
    }
}
