using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Reinforcement;

namespace AutoTune;

/// <summary>The verb that makes a study search by reinforcement learning.</summary>
public static class ReinforcementExtensions
{
    /// <summary>
    /// Searches by reinforcement learning: an agent chooses one hyperparameter after the other, knowing what it chose before and how the study stands, and is
    /// trained on how its trials rank (proximal policy optimisation, Schulman and others 2017). Of many configurations that it would choose, a model of the study's
    /// losses picks one. Its strength is what it can bring along: trained on earlier studies of other data (<see cref="ReinforcementOptions.Earlier"/>) its first
    /// trials are good ones.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="options">How it searches, and the earlier studies; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <remarks>Give the same earlier studies when a stopped study goes on: they are part of what it is, and the journal does not keep them.</remarks>
    public static T UseReinforcement<T>(this T study, ReinforcementOptions? options = null)
        where T : StudyBuilder
    {
        var validated = (options ?? new ReinforcementOptions()).Validated();
        return study.UseTuner("reinforcement", (space, random) => new ReinforcementTuner(space, validated, random, StudyLimits.Of(study)));
    }
}
