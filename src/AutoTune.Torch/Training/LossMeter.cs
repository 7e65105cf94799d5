using TorchSharp;

namespace AutoTune.Torch.Training;

/// <summary>The mean training loss of an epoch, added up where the losses are: on the device, which nobody waits for at each batch.</summary>
/// <remarks>Its tensor belongs to the dispose scope that is open when it is made: the epoch's.</remarks>
internal sealed class LossMeter(TrialId trial, int epoch, torch.Device device)
{
    private readonly torch.Tensor _sum = torch.zeros([], torch.ScalarType.Float64, device);
    private int _count;
    private (double Value, int Count) _mean = (double.NaN, 0);

    /// <summary>The mean; null before the first loss.</summary>
    public double? Mean
    {
        get
        {
            if (_mean.Count < _count) _mean = (_sum.item<double>() / _count, _count);
            return _count == 0 ? null : _mean.Value;
        }
    }

    public void Add(torch.Tensor loss)
    {
        using var scope = torch.NewDisposeScope();
        _sum.add_(loss.detach().reshape([]).to(torch.ScalarType.Float64));
        _count++;
    }

    /// <exception cref="NonFiniteLossException">The mean is NaN or infinite.</exception>
    public void Check()
    {
        if (Mean is { } mean && !double.IsFinite(mean)) throw new NonFiniteLossException(trial, epoch, mean, _count);
    }
}
