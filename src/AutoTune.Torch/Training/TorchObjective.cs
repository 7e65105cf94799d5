using System.Runtime.InteropServices;
using AutoTune.Execution;
using AutoTune.Torch.Devices;
using TorchSharp;

namespace AutoTune.Torch.Training;

/// <summary>Runs a training as a trial: device, scope, threads, leaks.</summary>
internal sealed class TorchObjective(Func<TorchTrial, TrialValues> training, int epochs, TorchOptions options, TimeProvider time) : IObjective
{
    /// <summary>Where libtorch's messages go over to the frames of its stack, dozens of lines that nobody can act upon.</summary>
    private const string NativeFrames = "Exception raised from";

    private readonly Lazy<DevicePool> _devices = new(() => new DevicePool(options.Devices));
    private int _leakIsSaid;

    public ValueTask<TrialValues> EvaluateAsync(ITrialContext trial, CancellationToken cancellationToken)
    {
        var device = _devices.Value.Take();
        try
        {
            return ValueTask.FromResult(Run(trial, device, cancellationToken));
        }
        catch (Exception e) when (TorchMemoryException.IsMeantBy(e))
        {
            throw new TorchMemoryException(trial.Id.ToString(), device, e);
        }
        catch (ExternalException e) when (e.Message.IndexOf(NativeFrames, StringComparison.Ordinal) is > 0 and var end)
        {
            throw new InvalidOperationException(e.Message[..end].TrimEnd(), e);
        }
        finally
        {
            _devices.Value.Return(device);
        }
    }

    private TrialValues Run(ITrialContext context, torch.Device device, CancellationToken cancellationToken)
    {
        if (torch.get_num_threads() != options.Threads) torch.set_num_threads(options.Threads);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        TrialValues value;
        using (torch.NewDisposeScope())
        {
            var trial = new TorchTrial(context, device, epochs, options, time, cancellationToken);
            try
            {
                value = training(trial);
                trial.SaveEnd();
            }
            finally
            {
                trial.Free();
            }
        }

        var left = DisposeScopeManager.Statistics.ThreadTotalLiveCount - before;
        if (left > 0 && Interlocked.Exchange(ref _leakIsSaid, 1) == 0)
        {
            Console.Error.WriteLine($"AutoTune.Torch: {context.Id} left {left} tensors behind, and the trials after it may, too: something moved them out of the trial's dispose scope, "
                + "or an optimizer, whose state is in none, was not disposed (TorchTrial.KeepOptimizer does it). Memory that is not freed adds up over a study.");
        }

        return left > 0 ? value.With("tensors left behind", left) : value;
    }
}
