using TorchSharp;

namespace AutoTune.Torch.Augmentation;

/// <summary>Adds Gaussian noise, whose standard deviation is this share of that of the example.</summary>
internal sealed record Noise(double Largest) : AugmentationOperation("noise", Largest, 10)
{
    public override Examples Apply(Examples examples, torch.Tensor strength, Draws draws)
    {
        var deviation = examples.Inputs.detach().flatten(1).std(1, unbiased: false).reshape(examples.PerExample);
        return examples with { Inputs = examples.Inputs + draws.Gaussian(examples.Inputs.shape) * deviation * strength };
    }
}
