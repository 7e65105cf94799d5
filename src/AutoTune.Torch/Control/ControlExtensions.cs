using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TorchSharp;
using TorchSharp.Modules;

namespace AutoTune;

/// <summary>Trainings that a learnt controller adapts on the way.</summary>
public static class ControlExtensions
{
    /// <summary>Has a controller change learning rate, weight decay or strengths while the trial trains: <c>var control = trial.Control(net, optimizer, batches, c => c.LearningRate(1e-4, 1))</c>.</summary>
    /// <param name="trial">The trial. The controller's state is part of its checkpoints; what it changed, and why, is in the file "control.txt" of its folder.</param>
    /// <param name="net">The network.</param>
    /// <param name="optimizer">Its optimizer, kept before (<see cref="TorchTrial.KeepOptimizer"/>).</param>
    /// <param name="stepsPerEpoch">The number of steps of an epoch, at least 1.</param>
    /// <param name="choose">What may be changed, within which ranges, and by whom.</param>
    /// <exception cref="ArgumentException">There is nothing to change, or something begins outside its range.</exception>
    public static TrainingControl Control(this TorchTrial trial, torch.nn.Module net, OptimizerHelper optimizer, int stepsPerEpoch, Func<ControlChoices, ControlChoices> choose)
    {
        ArgumentNullException.ThrowIfNull(trial);
        var control = new TrainingControl(net, optimizer, trial.WholeEpochCount, stepsPerEpoch, TrainingControl.Chosen(choose), trial.OwnRandom.Fork("control"), () => RecordNameOf(trial))
        {
            Training = trial.Id.ToString(),
            Descent = (loss, clip) => trial.Descend(loss, optimizer, clip),
            Noted = text => ((ITrialContext)trial).Artifacts.Write("control.txt", stream =>
            {
                using var writer = new StreamWriter(stream) { NewLine = "\n" };
                writer.Write(text);
            }),
        };
        trial.Own(control);
        trial.Keep("control", control.Save, control.Load);
        return control;
    }

    /// <summary>Of this trial alone, and of all its attempts; those of a study follow each other.</summary>
    private static string RecordNameOf(TorchTrial trial)
    {
        var study = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(trial.ArtifactDirectory)) ?? "";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(study)))[..8];
        return string.Create(CultureInfo.InvariantCulture, $"{hash}-{trial.Id.Number:d6}-{(uint)trial.OwnRandom.Fork("record").NextUInt64():x8}.training");
    }
}
