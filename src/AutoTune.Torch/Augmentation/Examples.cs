using TorchSharp;

namespace AutoTune.Torch.Augmentation;

/// <summary>What an operation works on: the inputs and targets of a batch.</summary>
internal readonly record struct Examples(torch.Tensor Inputs, torch.Tensor Targets)
{
    public long Count => Inputs.shape[0];

    /// <summary>The shape with which a number for each example meets the inputs: [n, 1, 1, ...].</summary>
    public long[] PerExample => [Count, .. Enumerable.Repeat(1L, (int)Inputs.dim() - 1)];
}
