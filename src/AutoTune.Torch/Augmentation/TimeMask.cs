using TorchSharp;

namespace AutoTune.Torch.Augmentation;

/// <summary>Gives a stretch of moments, of up to this share of all, the example's mean.</summary>
/// <remarks>Source: Park and others 2019, "SpecAugment", section 2, "time masking".</remarks>
internal sealed record TimeMask(double Largest) : AugmentationOperation("timemask", Largest, 1)
{
    public override Examples Apply(Examples examples, torch.Tensor strength, Draws draws) => Stretch.Masked(examples, examples.Inputs.dim() - 1, strength, draws);
}
