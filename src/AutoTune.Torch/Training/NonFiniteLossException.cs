using System.Globalization;

namespace AutoTune;

/// <summary>A training loss became NaN or infinite: the trial fails with this reason, and says in which epoch.</summary>
public sealed class NonFiniteLossException : Exception
{
    internal NonFiniteLossException(TrialId trial, int epoch, double loss, int batches)
        : base(string.Create(CultureInfo.InvariantCulture,
            $"{trial}: the training loss of epoch {epoch} is {(double.IsNaN(loss) ? "NaN" : loss > 0 ? "infinite" : "minus infinity")} (mean of {batches} batches): the training has diverged. A smaller learning rate or gradient clipping keeps it finite; the search learns from the failure.")) => Epoch = epoch;

    internal NonFiniteLossException(string training, int step, double loss)
        : base(string.Create(CultureInfo.InvariantCulture, $"{training}: the loss of step {step} is {(double.IsNaN(loss) ? "NaN" : "infinite")}: it has diverged. A smaller learning rate or fewer steps keep it finite.")) => Epoch = step;

    internal NonFiniteLossException(string training, int epoch, int step, double loss, string hindrance)
        : base(string.Create(CultureInfo.InvariantCulture, $"{training}: the loss of step {step} of epoch {epoch} is {(double.IsNaN(loss) ? "NaN" : loss > 0 ? "infinite" : "minus infinity")}: the training has diverged, and cannot go back to the epoch's beginning: {hindrance}. A smaller learning rate or gradient clipping keeps it finite.")) => Epoch = epoch;

    /// <summary>The epoch, or the step of an unrolled training, counted from 1.</summary>
    public int Epoch { get; }
}
