using System.Runtime.InteropServices;
using AutoTune.Execution;
using AutoTune.Torch.Devices;
using TorchSharp;

namespace AutoTune.Torch.Training;

/// <summary>Runs a training as a trial: device, scope, threads, leaks.</summary>
internal sealed class TorchObjective(Func<TorchTrial, TrialValues> training, TrialSteps steps, TorchOptions options, TimeProvider time) : IObjective
{
    /// <summary>The metric of a trial that left tensors behind: how many.</summary>
    public const string LeftBehind = "tensors left behind";

    /// <summary>How tensors come to be left behind, and what comes of it.</summary>
    public const string LeakCauses = "something moved them out of the trial's dispose scope, or an optimizer, whose state is in none, was not disposed (TorchTrial.KeepOptimizer does it). Memory that is not freed adds up over a study.";

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
        catch (ExternalException e) when (FreedNumberException.IsMeantBy(e))
        {
            throw new FreedNumberException(trial.Id, e);
        }
        catch (ExternalException e) when (NativeError.Words(e) is var words && words != e.Message)
        {
            throw new InvalidOperationException(words, e);
        }
        finally
        {
            _devices.Value.Return(device);
        }
    }

    private TrialValues Run(ITrialContext trial, torch.Device device, CancellationToken cancellationToken)
    {
        if (torch.get_num_threads() != options.Threads) torch.set_num_threads(options.Threads);
        using var quiet = FreedNumberException.Avoid();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        long Left() => DisposeScopeManager.Statistics.ThreadTotalLiveCount - before;
        try
        {
            var values = Train(trial, device, cancellationToken);
            return Left() is > 0 and var left ? values.With(LeftBehind, left) : values;
        }
        finally
        {
            // Here for those that fail, too, which have no metrics.
            if (Left() is > 0 and var left && Interlocked.Exchange(ref _leakIsSaid, 1) == 0) Console.Error.WriteLine($"AutoTune.Torch: {trial.Id} left {left} tensors behind, and the trials after it may, too: {LeakCauses}");
        }
    }

    private TrialValues Train(ITrialContext context, torch.Device device, CancellationToken cancellationToken)
    {
        using var scope = torch.NewDisposeScope();
        var trial = new TorchTrial(context, device, steps, options, time, cancellationToken);
        try
        {
            var values = training(trial);
            trial.SaveEnd();
            return values;
        }
        finally
        {
            trial.Free();
        }
    }
}
