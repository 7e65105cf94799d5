using TorchSharp;

namespace AutoTune.Torch.Augmentation;

/// <summary>The random numbers of one operation on one batch, for the batch's device: a generator seeded by trial, epoch, batch and operation.</summary>
/// <remarks>
/// libtorch's global random state is left alone, so that dropout does not depend on which operations there are. The numbers are drawn on the CPU and copied: TorchSharp
/// makes no generators of other devices, and so they are the same on all.
/// </remarks>
internal sealed class Draws : IDisposable
{
    private readonly torch.Generator _generator;
    private readonly torch.Device _device;
    private readonly torch.ScalarType _type;

    public Draws(RandomSource random, torch.Tensor like)
        => (_generator, _device, _type) = (new torch.Generator(random.NextUInt64() >> 1, torch.CPU), like.device, like.dtype);

    /// <summary>Uniform in [0, 1).</summary>
    public torch.Tensor Uniform(params long[] shape) => torch.rand(shape, _type, torch.CPU, generator: _generator).to(_device);

    /// <summary>Uniform in [-1, 1).</summary>
    public torch.Tensor Symmetric(params long[] shape) => Uniform(shape).mul_(2).sub_(1);

    /// <summary>Standard normal.</summary>
    public torch.Tensor Gaussian(params long[] shape) => torch.randn(shape, _type, torch.CPU, generator: _generator).to(_device);

    /// <summary>A random order of 0 to <paramref name="count"/> - 1.</summary>
    public torch.Tensor Order(long count) => torch.randperm(count, torch.ScalarType.Int64, torch.CPU, generator: _generator).to(_device);

    public void Dispose() => _generator.Dispose();
}
