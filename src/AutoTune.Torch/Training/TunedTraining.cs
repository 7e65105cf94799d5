using AutoTune.Torch;
using AutoTune.Torch.Devices;
using AutoTune.Torch.Training;
using TorchSharp;

namespace AutoTune;

/// <summary>A study of trainings at its end, and the way back to a network that it trained.</summary>
/// <typeparam name="TTraining">The training.</typeparam>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class TunedTraining<TTraining> where TTraining : TorchTrainable
{
    private readonly Func<TTraining> _create;

    internal TunedTraining(StudyResult result, Func<TTraining> create) => (Result, _create) = (result, create);

    /// <summary>How the study ended.</summary>
    public StudyResult Result { get; }

    /// <summary>The best configuration.</summary>
    /// <exception cref="InvalidOperationException">No trial completed.</exception>
    public Configuration BestConfiguration => Result.BestConfiguration;

    /// <summary>The best value of the goal's metric.</summary>
    /// <exception cref="InvalidOperationException">No trial completed.</exception>
    public double BestValue => Result.BestValue;

    /// <summary>The best trial's training as it ended: set up with its configuration, its state read from the trial's checkpoint.</summary>
    /// <param name="device">Where to; null: the CPU.</param>
    /// <returns>The training; dispose it when its network is no longer needed, which is freed then. Other tensors that it made belong to the dispose scope that is open here, if one is.</returns>
    /// <exception cref="InvalidOperationException">No trial completed, or its checkpoint was cleaned away.</exception>
    public TTraining Restore(torch.Device? device = null) => Restore(Result.Best, device);

    /// <summary>A trial's training as it ended.</summary>
    /// <inheritdoc cref="Restore(torch.Device?)"/>
    public TTraining Restore(Trial of, torch.Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(of);
        var trial = new TorchTrial(new EndedTrial(of, Result.ArtifactDirectoryOf(of.Id)), device ?? torch.CPU, new TrialSteps(of.LastReport?.Step ?? 1, StepKind.Epochs), new TorchOptions(), TimeProvider.System, CancellationToken.None);
        var training = _create();
        training.Free = trial.Free;
        try
        {
            training.SetUp(trial);
            trial.LoadEnd();
            return training;
        }
        catch
        {
            training.Dispose();
            throw;
        }
    }
}
