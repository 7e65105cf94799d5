using TorchSharp;

namespace AutoTune.Torch.Augmentation;

/// <summary>Mirrors an image, left to right, with this probability.</summary>
internal sealed record Flip(double Largest) : AugmentationOperation("flip", Largest, 1)
{
    public override int Dimensions => 4;

    public override Examples Apply(Examples examples, torch.Tensor strength, Draws draws)
    {
        var mirrored = draws.Uniform(examples.PerExample) < strength;
        return examples with { Inputs = torch.where(mirrored, examples.Inputs.flip(-1), examples.Inputs) };
    }
}
