using TorchSharp;

namespace AutoTune.Torch.Augmentation;

/// <summary>Moves each image by up to this share of its width and height.</summary>
internal sealed record Shift(double Largest) : GeometricOperation("shift", Largest, 1)
{
    public override torch.Tensor Matrices(Examples examples, torch.Tensor strength, Draws draws)
    {
        var by = draws.Symmetric(2, examples.Count) * strength * 2; // an image is 2 wide in these coordinates
        var (zero, one) = (torch.zeros_like(by[0]), torch.ones_like(by[0]));
        return Affine(one, zero, by[0], zero, one, by[1]);
    }
}
