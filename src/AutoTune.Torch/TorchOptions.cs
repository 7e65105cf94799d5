using System.Collections.Immutable;

namespace AutoTune.Torch;

/// <summary>How trainings run. Immutable and thread-safe.</summary>
public sealed record TorchOptions
{
    /// <summary>
    /// The devices that trials are dealt to, by name: <c>"cpu"</c>, <c>"cuda:0"</c>. A device is given to several trials when more run at a time than
    /// there are devices. Default: all CUDA devices; the CPU where there are none.
    /// </summary>
    public ImmutableArray<string> Devices { get; init; } = [];

    /// <summary>
    /// How many threads libtorch may use within a process, at least 1. Default 1: results then do not depend on the machine's number of cores, and trials
    /// that run side by side do not wait for each other's threads.
    /// </summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// After what time a running training saves a checkpoint, at the end of an epoch, so that a training that is killed goes on from there; above 0.
    /// Default half a minute. Null: only when its scheduler pauses it, and at its end.
    /// </summary>
    public TimeSpan? CheckpointEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether trials that run at a time share this process. Default false: each gets a worker process, since libtorch has one random state a process and
    /// some of its errors end the process. Of no effect where the study says by itself where its trials run.
    /// </summary>
    public bool ShareProcess { get; init; }

    /// <summary>
    /// A seed that all trials share: they begin with the same weights, and see the same order, dropout and augmentation, so that values differ by configuration alone. Gradient descent
    /// over hyperparameters needs that, and small differences show sooner; the best is then the best for that seed. Default null: each trial has a seed of its own.
    /// </summary>
    public long? SharedSeed { get; init; }

    internal IEnumerable<string> Problems()
    {
        foreach (var device in Devices)
        {
            if (AutoTune.Torch.Devices.DeviceText.Problem(device) is { } problem) yield return problem;
        }

        if (Threads < 1) yield return $"TorchOptions.Threads {Threads} must be at least 1.";
        if (CheckpointEvery <= TimeSpan.Zero) yield return $"TorchOptions.CheckpointEvery {CheckpointEvery} must be above 0, or null for none.";
    }
}
