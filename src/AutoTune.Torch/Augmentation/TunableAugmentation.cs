using System.Collections.Immutable;
using AutoTune.Torch.Augmentation;

namespace AutoTune;

/// <summary>An augmentation whose strengths are hyperparameters. Immutable and thread-safe.</summary>
public sealed class TunableAugmentation
{
    private readonly ImmutableArray<(AugmentationOperation Operation, Func<Configuration, double> Strength)> _operations;

    internal TunableAugmentation(ImmutableArray<(AugmentationOperation Operation, Func<Configuration, double> Strength)> operations) => _operations = operations;

    /// <summary>The augmentation of a trial. Its randomness is the trial's: a function of seed, epoch and batch, so that a training that was paused sees what it would have seen.</summary>
    /// <param name="trial">The trial.</param>
    public Augmenter Create(TorchTrial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        var random = trial.Random.Fork("augmentation");
        return new Augmenter(Chosen(trial.Configuration), () => trial.Epoch, random);
    }

    /// <summary>The augmentation of a configuration, for a loop that is no trial. Batches are counted from its first.</summary>
    /// <param name="configuration">The strengths.</param>
    /// <param name="random">Its randomness.</param>
    public Augmenter Create(Configuration configuration, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(random);
        return new Augmenter(Chosen(configuration), () => 0, random);
    }

    private ImmutableArray<AppliedOperation> Chosen(Configuration configuration)
        => [.. _operations.Select(pair => new AppliedOperation(pair.Operation, pair.Strength(configuration), null))];
}
