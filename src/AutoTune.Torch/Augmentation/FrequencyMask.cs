using TorchSharp;

namespace AutoTune.Torch.Augmentation;

/// <summary>Gives a band of frequencies, the second-last dimension, of up to this share of all, the example's mean.</summary>
/// <remarks>Source: Park and others 2019, "SpecAugment", section 2, "frequency masking".</remarks>
internal sealed record FrequencyMask(double Largest) : AugmentationOperation("frequencymask", Largest, 1)
{
    public override int Dimensions => 3;

    public override Examples Apply(Examples examples, torch.Tensor strength, Draws draws) => Stretch.Masked(examples, examples.Inputs.dim() - 2, strength, draws);
}
