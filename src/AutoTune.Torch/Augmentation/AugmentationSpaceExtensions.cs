using AutoTune.Torch.Augmentation;

namespace AutoTune;

/// <summary>Adds the strengths of augmentations to a space.</summary>
public static class AugmentationSpaceExtensions
{
    /// <summary>Adds an augmentation of images: <c>space.AddImageAugmentation("augment", a => a.Flip().Shift().CutOut())</c>, a hyperparameter an operation, such as <c>augment.shift</c>.</summary>
    /// <param name="space">The space.</param>
    /// <param name="name">The prefix of the strengths' names.</param>
    /// <param name="define">Names the operations, in the order they are applied.</param>
    /// <param name="activeWhen">When it exists; elsewhere nothing is altered. Null: always.</param>
    /// <returns>What makes a trial's augmentation: <c>augment.Create(trial)</c>.</returns>
    /// <remarks>Every strength's default is 0: no augmentation.</remarks>
    /// <exception cref="ArgumentException">No operation is named, one is named twice, or a strength is out of its range.</exception>
    public static TunableAugmentation AddImageAugmentation(this SearchSpaceBuilder space, string name, Func<ImageOperations, ImageOperations> define, Condition? activeWhen = null)
    {
        ArgumentNullException.ThrowIfNull(define);
        return Add(space, name, define(new ImageOperations()).List, activeWhen);
    }

    /// <summary>Adds an augmentation of sound: <c>space.AddAudioAugmentation("augment", a => a.TimeShift().TimeMask().FrequencyMask())</c>.</summary>
    /// <inheritdoc cref="AddImageAugmentation"/>
    public static TunableAugmentation AddAudioAugmentation(this SearchSpaceBuilder space, string name, Func<AudioOperations, AudioOperations> define, Condition? activeWhen = null)
    {
        ArgumentNullException.ThrowIfNull(define);
        return Add(space, name, define(new AudioOperations()).List, activeWhen);
    }

    private static TunableAugmentation Add(SearchSpaceBuilder space, string name, OperationList list, Condition? activeWhen)
    {
        ArgumentNullException.ThrowIfNull(space);
        if (list.Operations.Count == 0) throw new ArgumentException($"The augmentation '{name}' has no operation; name one: a => a.Shift().");
        if (list.AreTogether)
        {
            var together = space.AddReal(name, 0, 1, defaultValue: 0, activeWhen: activeWhen);
            return new TunableAugmentation([.. list.Operations.Select(operation => (operation, new Func<Configuration, double>(configuration => Strength(configuration, together) * operation.Largest)))]);
        }

        var nest = space.Nest(name, activeWhen);
        return new TunableAugmentation([.. list.Operations.Select(operation =>
        {
            var strength = nest.AddReal(operation.Name, 0, operation.Largest, defaultValue: 0);
            return (operation, new Func<Configuration, double>(configuration => Strength(configuration, strength)));
        })]);
    }

    private static double Strength(Configuration configuration, Hyperparameter<double> strength) => configuration.IsActive(strength) ? configuration.Get(strength) : 0;
}
