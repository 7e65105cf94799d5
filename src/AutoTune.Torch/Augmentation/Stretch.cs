using TorchSharp;

namespace AutoTune.Torch.Augmentation;

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
