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

/// <summary>Turns each image by up to this many degrees, either way.</summary>
internal sealed record Rotate(double Largest) : GeometricOperation("rotate", Largest, 180)
{
    public override torch.Tensor Matrices(Examples examples, torch.Tensor strength, Draws draws)
    {
        var angle = draws.Symmetric(examples.Count) * strength * (Math.PI / 180);
        var (sin, cos, zero) = (angle.sin(), angle.cos(), torch.zeros_like(angle));
        var aspect = (double)examples.Inputs.shape[^2] / examples.Inputs.shape[^1]; // both sides reach from -1 to 1, whatever their lengths
        return Affine(cos, -sin * aspect, zero, sin / aspect, cos, zero);
    }
}

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
