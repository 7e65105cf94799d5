using TorchSharp;

namespace AutoTune.Torch.Augmentation;

/// <summary>An operation that moves the points of images: neighbouring ones are multiplied, so that pixels are interpolated once.</summary>
internal abstract record GeometricOperation(string Name, double Largest, double Limit) : AugmentationOperation(Name, Largest, Limit)
{
    public override int Dimensions => 4;

    /// <summary>Where each pixel comes from: matrices [n, 3, 3] on homogeneous coordinates (x, y, 1), which reach from -1 to 1 across the image.</summary>
    /// <param name="examples">The batch.</param>
    /// <param name="strength">A scalar, gradients flow back to it.</param>
    /// <param name="draws">This operation's random numbers for this batch.</param>
    public abstract torch.Tensor Matrices(Examples examples, torch.Tensor strength, Draws draws);

    public sealed override Examples Apply(Examples examples, torch.Tensor strength, Draws draws) => Warp(examples, Matrices(examples, strength, draws));

    /// <summary>Reads each pixel where its matrix says, bilinearly; beyond the edge the edge goes on.</summary>
    public static Examples Warp(Examples examples, torch.Tensor matrices)
    {
        var grid = torch.nn.functional.affine_grid(matrices.narrow(1, 0, 2), examples.Inputs.shape, align_corners: false);
        return examples with
        {
            Inputs = torch.nn.functional.grid_sample(examples.Inputs, grid, torch.GridSampleMode.Bilinear, torch.GridSamplePaddingMode.Border, align_corners: false),
        };
    }

    /// <summary>Matrices [n, 3, 3] from six rows of numbers [n] each, the last row being (0, 0, 1).</summary>
    protected static torch.Tensor Affine(torch.Tensor xx, torch.Tensor xy, torch.Tensor x, torch.Tensor yx, torch.Tensor yy, torch.Tensor y)
    {
        var (zero, one) = (torch.zeros_like(xx), torch.ones_like(xx));
        return torch.stack([xx, xy, x, yx, yy, y, zero, zero, one], 1).reshape(-1, 3, 3);
    }
}
