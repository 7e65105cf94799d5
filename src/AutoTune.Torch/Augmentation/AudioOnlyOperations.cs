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

/// <summary>Gives a stretch of moments, of up to this share of all, the example's mean.</summary>
/// <remarks>Source: Park and others 2019, "SpecAugment", section 2, "time masking".</remarks>
internal sealed record TimeMask(double Largest) : AugmentationOperation("timemask", Largest, 1)
{
    public override Examples Apply(Examples examples, torch.Tensor strength, Draws draws) => Stretch.Masked(examples, examples.Inputs.dim() - 1, strength, draws);
}

/// <summary>Gives a band of frequencies, the second-last dimension, of up to this share of all, the example's mean.</summary>
/// <remarks>Source: Park and others 2019, "SpecAugment", section 2, "frequency masking".</remarks>
internal sealed record FrequencyMask(double Largest) : AugmentationOperation("frequencymask", Largest, 1)
{
    public override int Dimensions => 3;

    public override Examples Apply(Examples examples, torch.Tensor strength, Draws draws) => Stretch.Masked(examples, examples.Inputs.dim() - 2, strength, draws);
}

/// <summary>A stretch of one dimension, its length uniform up to a share of it, its place uniform where it fits.</summary>
internal static class Stretch
{
    public static Examples Masked(Examples examples, long dimension, torch.Tensor strength, Draws draws)
    {
        var inputs = examples.Inputs;
        var size = inputs.shape[dimension];
        var length = draws.Uniform(examples.PerExample) * strength.detach() * size;
        var start = draws.Uniform(examples.PerExample) * (size - length);
        long[] along = [.. Enumerable.Range(0, (int)inputs.dim()).Select(i => i == dimension ? size : 1)];
        var middles = torch.arange(size, inputs.dtype, inputs.device).reshape(along) + 0.5;
        var mean = inputs.flatten(1).mean([1]).reshape(examples.PerExample);
        return examples with { Inputs = torch.where((middles >= start) & (middles < start + length), mean, inputs) };
    }
}
