using TorchSharp;

namespace AutoTune.Torch.Training;

/// <summary>What a loss must be for a step down its gradient.</summary>
internal static class ScalarLoss
{
    /// <exception cref="ArgumentException">The loss is no scalar, or depends on nothing that is trained.</exception>
    public static void Demand(torch.Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (loss.numel() != 1) throw new ArgumentException($"The loss has shape [{string.Join(", ", loss.shape)}]; a training steps down a scalar: take its mean().", nameof(loss));
        if (!loss.requires_grad) throw new ArgumentException("The loss depends on nothing that is trained: it was computed under no_grad, detached, or all parameters are frozen.", nameof(loss));
    }
}
