using AutoTune.Tuners.GradientDescent;

namespace AutoTune;

/// <summary>The verb that makes a study follow gradients.</summary>
public static class GradientDescentExtensions
{
    /// <summary>
    /// Follows the gradients that trials return with their values (<see cref="TrialValues.WithGradient(Hyperparameter, double)"/>): moves all real
    /// hyperparameters at once, by as much as the model of the loss has lately been right, and begins anew elsewhere when it has arrived. Noise in losses and
    /// gradients is told from what smooth losses do, and allowed for (Sun and Nocedal 2022). For many
    /// real hyperparameters and trials that can tell their gradient; a study whose first trials tell none ends, and says so.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="options">How it searches; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <remarks>
    /// Hyperparameters that are not real numbers, and real ones with steps, stay as at the start. Where they matter too, <c>UseBayesian</c> learns from the
    /// same gradients. A start that the space does not have is said when the tuner begins: <see cref="SearchSpaceException"/>.
    /// </remarks>
    public static T UseGradient<T>(this T study, GradientDescentOptions? options = null)
        where T : StudyBuilder
    {
        var validated = (options ?? new GradientDescentOptions()).Validated();
        return study.UseTuner("gradient descent", (space, random) => new GradientDescentTuner(space, validated, random));
    }
}
