using TorchSharp;

namespace AutoTune.Torch.Augmentation;

/// <summary>Blanks a square of this share of the shorter side, anywhere; at the edge part of it lies outside.</summary>
/// <remarks>Source: DeVries and Taylor 2017, "Improved regularization of convolutional neural networks with Cutout", section 3.2.</remarks>
internal sealed record CutOut(double Largest) : AugmentationOperation("cutout", Largest, 1)
{
    public override int Dimensions => 4;

    public override Examples Apply(Examples examples, torch.Tensor strength, Draws draws)
    {
        var inputs = examples.Inputs;
        var (height, width) = (inputs.shape[^2], inputs.shape[^1]);
        var half = strength.detach() * (Math.Min(height, width) / 2.0);
        var at = draws.Uniform(2, examples.Count, 1, 1, 1);
        var rows = (torch.arange(height, inputs.dtype, inputs.device).reshape(1, 1, height, 1) + 0.5 - at[0] * height).abs() < half;
        var columns = (torch.arange(width, inputs.dtype, inputs.device).reshape(1, 1, 1, width) + 0.5 - at[1] * width).abs() < half;
        return examples with { Inputs = inputs.masked_fill(rows & columns, 0) };
    }
}
