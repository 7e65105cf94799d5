using TorchSharp;

namespace AutoTune.Torch.Augmentation;

/// <summary>The random numbers of one operation on one batch: a generator on the batch's device, seeded by trial, epoch, batch and operation.</summary>
/// <remarks>libtorch's global random state is left alone, so that dropout does not depend on which operations there are.</remarks>
internal sealed class Draws : IDisposable
{
    private readonly torch.Generator _generator;
    private readonly torch.Device _device;
    private readonly torch.ScalarType _type;

    public Draws(RandomSource random, torch.Tensor like)
        => (_generator, _device, _type) = (new torch.Generator(random.NextUInt64() >> 1, like.device), like.device, like.dtype);

    /// <summary>Uniform in [0, 1).</summary>
    public torch.Tensor Uniform(params long[] shape) => torch.rand(shape, _type, _device, generator: _generator);

    /// <summary>Uniform in [-1, 1).</summary>
    public torch.Tensor Symmetric(params long[] shape) => Uniform(shape).mul_(2).sub_(1);

    /// <summary>Standard normal.</summary>
    public torch.Tensor Gaussian(params long[] shape) => torch.randn(shape, _type, _device, generator: _generator);

    /// <summary>A random order of 0 to <paramref name="count"/> - 1.</summary>
    public torch.Tensor Order(long count) => torch.randperm(count, torch.ScalarType.Int64, _device, generator: _generator);

    public void Dispose() => _generator.Dispose();
}
