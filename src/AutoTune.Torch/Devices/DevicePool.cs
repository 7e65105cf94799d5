using System.Collections.Immutable;
using TorchSharp;

namespace AutoTune.Torch.Devices;

/// <summary>Hands each trial the device that the fewest trials use.</summary>
/// <remarks>
/// Thread-safe. Worker processes do not see each other's trials: there the worker's number chooses the device, so that as many workers as there are
/// devices have one each.
/// </remarks>
internal sealed class DevicePool
{
    private readonly Lock _lock = new();
    private readonly ImmutableArray<torch.Device> _devices;
    private readonly int[] _trials;

    /// <param name="names">The devices by name; none: all CUDA devices, or the CPU where there are none.</param>
    public DevicePool(ImmutableArray<string> names)
    {
        _devices = [.. (names.IsEmpty ? Found() : names).Select(name => torch.device(name))];
        _trials = new int[_devices.Length];
    }

    /// <summary>Takes a device; <see cref="Return"/> it.</summary>
    public torch.Device Take()
    {
        lock (_lock)
        {
            var device = WorkerProcess.Number is { } worker ? worker % _devices.Length : Array.IndexOf(_trials, _trials.Min());
            _trials[device]++;
            return _devices[device];
        }
    }

    /// <summary>Gives a device back.</summary>
    public void Return(torch.Device device)
    {
        lock (_lock) _trials[_devices.IndexOf(device)]--;
    }

    private static ImmutableArray<string> Found()
        => torch.cuda.is_available() ? [.. Enumerable.Range(0, torch.cuda.device_count()).Select(index => $"cuda:{index}")] : ["cpu"];
}
