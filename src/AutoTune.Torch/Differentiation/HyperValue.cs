using System.Collections.Immutable;
using TorchSharp;

namespace AutoTune;

/// <summary>A hyperparameter of an update rule: a number, a tensor for all weights, or a tensor for each.</summary>
/// <remarks>Immutable. Numbers, tensors and lists of tensors convert to it: <c>new SgdUpdate(rate: .1) { WeightDecay = decays }</c>.</remarks>
public sealed class HyperValue
{
    private readonly double _number;
    private readonly ImmutableArray<torch.Tensor> _tensors = [];

    private HyperValue(double number) => _number = number;

    private HyperValue(ImmutableArray<torch.Tensor> tensors)
    {
        _tensors = tensors;
        foreach (var tensor in tensors)
        {
            if (tensor.numel() != 1) throw new ArgumentException($"A hyperparameter of an update is a scalar, this tensor has shape [{string.Join(", ", tensor.shape)}]; give one scalar for each weight as a list.");
        }
    }

    /// <summary>A number.</summary>
    public static implicit operator HyperValue(double number) => new(number);

    /// <summary>A scalar for all weights.</summary>
    public static implicit operator HyperValue(torch.Tensor tensor) => new([tensor]);

    /// <summary>A scalar for each weight, in their order.</summary>
    public static implicit operator HyperValue(torch.Tensor[] tensors) => PerWeight(tensors);

    /// <summary>A number.</summary>
    public static HyperValue FromDouble(double number) => number;

    /// <summary>A scalar for all weights.</summary>
    public static HyperValue FromTensor(torch.Tensor tensor) => tensor;

    /// <summary>A scalar for each weight, in their order.</summary>
    /// <exception cref="ArgumentException">There is none, or one is no scalar.</exception>
    public static HyperValue PerWeight(IEnumerable<torch.Tensor> tensors) => new HyperValue([.. tensors]) is { _tensors.IsEmpty: false } value ? value : throw new ArgumentException("There is no tensor; give one for each weight.", nameof(tensors));

    /// <summary>Whether it is the number 0, which leaves its term out.</summary>
    internal bool IsZero => _tensors.IsEmpty && _number == 0;

    /// <summary>How many weights it has values for; null: any number.</summary>
    internal int? Count => _tensors.Length > 1 ? _tensors.Length : null;

    /// <summary>Its product with a tensor of weight <paramref name="index"/>.</summary>
    internal torch.Tensor Times(torch.Tensor tensor, int index) => _tensors.IsEmpty ? tensor * _number : tensor * Of(index);

    /// <summary>The product of one minus it with a tensor of weight <paramref name="index"/>.</summary>
    internal torch.Tensor RestTimes(torch.Tensor tensor, int index) => _tensors.IsEmpty ? tensor * (1 - _number) : tensor * (1 - Of(index));

    /// <summary>The tensor over one minus its power: the correction of a moving average that began at 0.</summary>
    internal torch.Tensor Unbiased(torch.Tensor tensor, int step, int index) => _tensors.IsEmpty ? tensor / (1 - Math.Pow(_number, step)) : tensor / (1 - Of(index).pow(step));

    private torch.Tensor Of(int index) => (_tensors.Length == 1 ? _tensors[0] : _tensors[index]).reshape([]);
}
