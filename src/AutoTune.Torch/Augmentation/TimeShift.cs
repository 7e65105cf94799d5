using TorchSharp;

namespace AutoTune.Torch.Augmentation;

/// <summary>Moves each example along its last dimension, time, by up to this share of it; the first or last moment goes on.</summary>
internal sealed record TimeShift(double Largest) : AugmentationOperation("timeshift", Largest, 1)
{
    public override Examples Apply(Examples examples, torch.Tensor strength, Draws draws)
    {
        var inputs = examples.Inputs;
        var length = inputs.shape[^1];
        var by = (draws.Symmetric(examples.PerExample) * strength.detach() * length).round().to(torch.ScalarType.Int64);
        var from = (torch.arange(length, torch.ScalarType.Int64, inputs.device) - by).clamp(0, length - 1);
        return examples with { Inputs = inputs.gather(inputs.dim() - 1, from.expand(inputs.shape)) };
    }
}
