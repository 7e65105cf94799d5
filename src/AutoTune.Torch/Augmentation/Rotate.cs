using TorchSharp;

namespace AutoTune.Torch.Augmentation;

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
