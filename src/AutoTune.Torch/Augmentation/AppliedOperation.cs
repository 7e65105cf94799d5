using TorchSharp;

namespace AutoTune.Torch.Augmentation;

/// <summary>An operation of a trial, and how strong it is: a number, or a tensor instead.</summary>
internal sealed record AppliedOperation(AugmentationOperation Operation, double Strength, torch.Tensor? Tensor)
{
    /// <summary>Whether it is applied at all: a strength of 0 leaves batches as they are, bit for bit.</summary>
    public bool IsActive => Tensor is not null || Strength != 0;
}
