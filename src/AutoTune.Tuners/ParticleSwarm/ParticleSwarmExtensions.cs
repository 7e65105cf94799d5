using AutoTune.Tuners.Forecasts;
using AutoTune.Tuners.ParticleSwarm;

namespace AutoTune;

/// <summary>The verb that makes a study search by a particle swarm.</summary>
public static class ParticleSwarmExtensions
{
    /// <summary>
    /// Searches by a particle swarm: points that fly, each drawn to the best it has seen and the best that others told it of. For hundreds of trials and more
    /// over mostly numeric spaces. Microseconds a proposal, any number at a time. It sees the order of the losses only.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="options">How it searches; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <remarks>In a study limited by its trials the swarm's size follows the limit: with another limit, other proposals.</remarks>
    public static T UseParticleSwarm<T>(this T study, ParticleSwarmOptions? options = null)
        where T : StudyBuilder
    {
        var validated = (options ?? new ParticleSwarmOptions()).Validated();
        return study.UseTuner("particle swarm", (space, random) => RepeatsTuner.Over(new ParticleSwarmTuner(space, validated, random, study.TrialLimit), study.Steps));
    }
}
