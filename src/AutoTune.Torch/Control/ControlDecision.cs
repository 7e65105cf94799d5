using System.Globalization;

namespace AutoTune;

/// <summary>What a controller changed in a training, and why: <c>epoch 4: learning rate 0.1 -> 0.05: the loss has not been falling</c>.</summary>
/// <param name="Epoch">In which epoch, counted from 1.</param>
/// <param name="Step">Before which step, counted from 0 over the whole training.</param>
/// <param name="Setting">What: "learning rate", "weight decay", or the name of a strength.</param>
/// <param name="From">Its value before; of the learning rate that of the schedule's peak.</param>
/// <param name="To">Its value from then on.</param>
/// <param name="Reason">The sign that counted most, in words.</param>
public sealed record ControlDecision(int Epoch, int Step, string Setting, double From, double To, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"epoch {Epoch}: {Setting} {From:g3} -> {To:g3}: {Reason}");
}
