using AutoTune.Tuners.PopulationTraining;

namespace AutoTune;

/// <summary>The verb that makes a study train a population.</summary>
public static class PopulationExtensions
{
    /// <summary>
    /// Population based training (Jaderberg and others 2017): trains several trials side by side, and again and again has the worst of them go on from
    /// copies of the best, with hyperparameters moved a little. It finds a model and a schedule in the time of one training, as <c>result.Best.Schedule</c>
    /// tells and <c>UseSchedule</c> trains again; for hyperparameters whose best value changes as training goes on, such as learning rates and regularisation.
    /// </summary>
    /// <param name="study">
    /// The study. Its objective saves a checkpoint when it is asked to pause, goes on from it, and takes other values of the hyperparameters then:
    /// <c>WithEpochs(50, canResume: true)</c> says so. Those of the architecture cannot change on the way: leave them out. Its tuner proposes the first configurations.
    /// </param>
    /// <param name="options">The size of the population and how it changes; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <remarks>
    /// The study ends when all have been trained. A trial that fails for good is not replaced. What a study decides does not depend on the number of its slots
    /// nor on the speed of trials, as long as none fails.
    /// </remarks>
    public static T UsePopulation<T>(this T study, PopulationOptions? options = null)
        where T : StudyBuilder
    {
        var o = (options ?? new PopulationOptions()).Validated();
        return study.UseScheduler(
            random => new PopulationScheduler(
                PopulationPlan.Of(study, o.Size, o.Interval, o.QuantileFraction), new Perturbation(o.ResampleProbability, o.GrowthFactor, o.ShrinkFactor), random),
            () => PopulationPlan.Problems(study, nameof(UsePopulation), o.Interval), ends: true);
    }
}
