namespace AutoTune.Torch;

/// <summary>What is searched of a <see cref="Distillation"/>. Immutable and thread-safe.</summary>
/// <remarks>Ranges after Hinton et al. 2015: temperatures from 1 to 20 (sections 3 and 4), the labels with a considerably lower weight than the teacher (section 2).</remarks>
public sealed record DistillationOptions
{
    /// <summary>The temperature, above 0. Default 1 to 20 on a log scale, beginning with 4.</summary>
    public RealRange Temperature { get; init; } = new(1, 20, Scale.Log, 4);

    /// <summary>The weight of the teacher, from 0 to 1. Default 0.1 to 1, beginning with 0.9.</summary>
    public RealRange Weight { get; init; } = new(.1, 1, Scale.Linear, .9);
}
