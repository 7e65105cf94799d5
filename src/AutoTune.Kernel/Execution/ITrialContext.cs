namespace AutoTune;

/// <summary>What an objective sees of its trial.</summary>
/// <remarks>To be used by the objective's own thread.</remarks>
public interface ITrialContext
{
    /// <summary>The trial's number.</summary>
    TrialId Id { get; }

    /// <summary>What to evaluate.</summary>
    Configuration Configuration { get; }

    /// <summary>How many steps it may use in all; null: no limit. An objective that stops there returns its last value.</summary>
    int? Budget { get; }

    /// <summary>The step after which to go on from the checkpoint in <see cref="ArtifactDirectory"/>; 0 for a fresh trial.</summary>
    int ResumeAfterStep { get; }

    /// <summary>The trial's own randomness: the same for the same study seed and trial number, on whichever thread, attempt or machine.</summary>
    RandomSource Random { get; }

    /// <summary>A folder of the trial's own, created when first asked for. Checkpoints and whatever the trial leaves behind go here.</summary>
    string ArtifactDirectory { get; }

    /// <summary>How many bytes the trial's files may have in all; null: no limit.</summary>
    long? ArtifactLimit => null;

    /// <summary>The files in <see cref="ArtifactDirectory"/>: checkpoints that no kill cuts in half, and whatever else the trial leaves behind.</summary>
    TrialArtifacts Artifacts => new(this);

    /// <summary>Reports an intermediate value of the goal's metric and hears whether to go on.</summary>
    /// <param name="step">The step (fold, epoch, sample), counted from 1, larger than at the last report.</param>
    /// <param name="value">The value of the goal's metric, as the goal counts it (not a loss).</param>
    /// <returns>What to do; after anything but Continue save a checkpoint if asked to pause, and return the last value.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The step is not larger than the last one.</exception>
    /// <exception cref="NonFiniteValueException">The value is NaN or infinite: the trial fails with this reason.</exception>
    Directive Report(int step, double value);

    /// <summary>The code of this trial's value for a hyperparameter declared on the spot; <c>trial.Real(...)</c> and its kin say it shorter.</summary>
    /// <exception cref="SearchSpaceException">The declaration has problems, or differs from an earlier one of this name.</exception>
    double Declare(HyperparameterDeclaration declaration);
}
