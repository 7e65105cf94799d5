using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AutoTune.Torch.Compression;

/// <summary>Makes a network of the same layers with other numbers of units.</summary>
internal sealed class ChainCopy(IReadOnlyList<UnitLayer> chain, Dictionary<string, int> widths)
{
    private int _at = -1; // the last layer of the chain that was copied

    public Sequential Of(Sequential net, string path)
    {
        var copy = nn.Sequential();
        foreach (var (name, child) in net.named_children())
        {
            var full = path.Length == 0 ? name : $"{path}.{name}";
            copy.append(name, child is Sequential inner ? Of(inner, full) : Layer(full, child));
        }

        return copy;
    }

    private nn.Module<Tensor, Tensor> Layer(string name, nn.Module layer)
    {
        if (layer is Linear or Convolution) _at++;
        var units = _at < 0 ? 0 : widths[chain[_at].Name];
        var inputs = _at < 0 ? 0 : _at == 0 ? chain[0].Inputs : widths[chain[_at - 1].Name] * chain[_at - 1].PerUnitOfNext(chain[_at]);
        return layer switch
        {
            Linear linear => nn.Linear(inputs, units, linear.bias is not null),
            Conv2d { padding_type: { } padding } c => nn.Conv2d(inputs, units, Pair(c.kernel_size), padding, Pair(c.stride), Pair(c.dilation), c.padding_mode, 1, c.bias is not null),
            Conv2d c => nn.Conv2d(inputs, units, Pair(c.kernel_size), Pair(c.stride), Pair(c.padding!), Pair(c.dilation), c.padding_mode, 1, c.bias is not null),
            BatchNorm1d norm => nn.BatchNorm1d(units, norm.eps, norm.momentum ?? .1, norm.affine, norm.track_running_stats),
            BatchNorm2d norm => nn.BatchNorm2d(units, norm.eps, norm.momentum ?? .1, norm.affine, norm.track_running_stats),
            ReLU relu => nn.ReLU(relu.inplace),
            LeakyReLU relu => nn.LeakyReLU(relu.negative_slope, relu.inplace),
            ReLU6 relu => nn.ReLU6(relu.inplace),
            ELU elu => nn.ELU(elu.alpha, elu.inplace),
            GELU => nn.GELU(),
            Hardswish => nn.Hardswish(),
            Mish => nn.Mish(),
            SiLU => nn.SiLU(),
            Tanh => nn.Tanh(),
            Sigmoid => nn.Sigmoid(),
            Dropout dropout => nn.Dropout(dropout.p, dropout.inplace),
            Dropout2d dropout => nn.Dropout2d(dropout.p, dropout.inplace),
            Flatten flatten => nn.Flatten(flatten.start_dim, flatten.end_dim),
            Identity => nn.Identity(),
            MaxPool2d pool => nn.MaxPool2d(pool.kernel_size, pool.stride, pool.padding, pool.dilation, pool.ceil_mode),
            AvgPool2d pool => nn.AvgPool2d(pool.kernel_size, pool.stride, pool.padding, pool.ceil_mode, pool.count_include_pad, pool.divisor_override),
            AdaptiveAvgPool2d pool => nn.AdaptiveAvgPool2d(pool.output_size),
            _ => throw new ArgumentException($"Layer '{name}' is a {layer.GetName()}, of which no copy is known; make the smaller network by hand and fill it by StructuredPruning.Into."),
        };
    }

    private static (long, long) Pair(long[] sizes) => (sizes[0], sizes[1]);
}
