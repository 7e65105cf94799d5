using AutoTune.Tuners.Pb2;
using AutoTune.Tuners.PopulationTraining;

namespace AutoTune;

/// <summary>The verb that makes a study train a population whose moves a model chooses.</summary>
public static class Pb2Extensions
{
    /// <summary>
    /// Population based bandits (PB2; Parker-Holder and others 2020): population based training as <c>UsePopulation</c> does it, but what a copy goes on with is chosen
    /// by a Gaussian process that learns from all trials which hyperparameters improve the loss most at that time of the training. For small
    /// populations, where random moves find too little.
    /// </summary>
    /// <param name="study">The study; what its objective must do is said at <c>UsePopulation</c>. Its tuner proposes the first configurations.</param>
    /// <param name="options">The size of the population and how often it is compared; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <remarks>At a comparison the model thinks for some hundredths of a second, and reports wait for it.</remarks>
    public static T UsePb2<T>(this T study, Pb2Options? options = null)
        where T : StudyBuilder
    {
        var o = (options ?? new Pb2Options()).Validated();
        return study.UseScheduler(
            random =>
            {
                var plan = PopulationPlan.Of(study, o.Size, o.Interval, o.QuantileFraction);
                return new PopulationScheduler(plan, new BanditExploration(plan), random);
            },
            () => PopulationPlan.Problems(study, nameof(UsePb2), o.Interval), ends: true);
    }
}
