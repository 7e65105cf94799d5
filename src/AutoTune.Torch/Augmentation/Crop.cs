using TorchSharp;

namespace AutoTune.Torch.Augmentation;

/// <summary>Cuts up to this share of each side away, at a random place, and stretches the rest to the size it was.</summary>
internal sealed record Crop(double Largest) : GeometricOperation("crop", Largest, 0.9)
{
    public override torch.Tensor Matrices(Examples examples, torch.Tensor strength, Draws draws)
    {
        var away = draws.Uniform(examples.Count) * strength;
        var at = draws.Symmetric(2, examples.Count) * away;
        var (zero, side) = (torch.zeros_like(away), 1 - away);
        return Affine(side, zero, at[0], zero, side, at[1]);
    }
}
