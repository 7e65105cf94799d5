using System.Globalization;
using TorchSharp;

namespace AutoTune;

/// <summary>How large a network is.</summary>
/// <param name="Parameters">How many numbers its parameters have, frozen ones included.</param>
/// <param name="NonZeros">How many of them are not 0.</param>
/// <param name="Bytes">What its parameters and buffers take in memory, zeros included.</param>
/// <remarks>Immutable and thread-safe. <c>TrialValues.With("size", ModelSize.Of(net).Bytes)</c> makes a metric of it, and <c>study.Require("size", atMost: 100_000)</c> a limit.</remarks>
public sealed record ModelSize(long Parameters, long NonZeros, long Bytes)
{
    /// <summary>The share of the parameters that are 0.</summary>
    public double Sparsity => Parameters == 0 ? 0 : 1 - NonZeros / (double)Parameters;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Parameters} parameters, {NonZeros} of them not 0, {Bytes} bytes");

    /// <summary>The size of a network. Waits for its device.</summary>
    /// <param name="net">The network.</param>
    public static ModelSize Of(torch.nn.Module net)
    {
        ArgumentNullException.ThrowIfNull(net);
        using var scope = torch.NewDisposeScope();
        long parameters = 0, nonZeros = 0, bytes = 0;
        foreach (var (_, parameter) in net.named_parameters())
        {
            parameters += parameter.numel();
            nonZeros += parameter.count_nonzero().item<long>();
            bytes += parameter.numel() * parameter.element_size();
        }

        return new ModelSize(parameters, nonZeros, bytes + net.named_buffers().Sum(buffer => buffer.buffer.numel() * buffer.buffer.element_size()));
    }
}
