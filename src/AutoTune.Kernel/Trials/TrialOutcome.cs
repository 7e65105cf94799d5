using System.Collections.Immutable;

namespace AutoTune;

/// <summary>How a trial, or an attempt at it, ended: <see cref="Completed"/>, <see cref="Stopped"/>, <see cref="Paused"/> or <see cref="Failed"/>.</summary>
public abstract record TrialOutcome
{
    private TrialOutcome() { }

    /// <summary>The objective returned its value.</summary>
    /// <param name="Loss">The loss; finite.</param>
    /// <param name="Metrics">Other figures by name, as reported (not losses).</param>
    public sealed record Completed(double Loss, ImmutableSortedDictionary<string, double> Metrics) : TrialOutcome
    {
        /// <summary>Other figures by name, as reported (not losses).</summary>
        public ImmutableSortedDictionary<string, double> Metrics { get; init; } = Metrics.Ordinal();

        /// <summary>Derivatives of the loss by hyperparameters, by name, each in the hyperparameter's own unit; empty where the objective gave none.</summary>
        public ImmutableSortedDictionary<string, double> Gradient
        {
            get;
            init => field = value.Ordinal();
        } = Notes.None<double>();

        /// <inheritdoc/>
        public bool Equals(Completed? other)
            => other is not null && Loss.Equals(other.Loss) && Metrics.SequenceEqual(other.Metrics) && Gradient.SequenceEqual(other.Gradient);

        /// <inheritdoc/>
        public override int GetHashCode() => Loss.GetHashCode();
    }

    /// <summary>The scheduler ended it early.</summary>
    /// <param name="AtStep">The step of its last report.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Stopped(int AtStep, string Reason) : TrialOutcome;

    /// <summary>The scheduler halted it; it may be resumed from its checkpoint.</summary>
    /// <param name="AtStep">The step of its last report.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Paused(int AtStep, string Reason) : TrialOutcome;

    /// <summary>It did not give a value.</summary>
    /// <param name="Error">What went wrong.</param>
    /// <param name="IsRetryable">Whether another attempt may succeed.</param>
    public sealed record Failed(TrialError Error, bool IsRetryable) : TrialOutcome
    {
        /// <summary>The exception behind it, while it is still in memory.</summary>
        internal Exception? Exception { get; init; }

        /// <inheritdoc/>
        public bool Equals(Failed? other) => other is not null && Error == other.Error && IsRetryable == other.IsRetryable;

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Error, IsRetryable);
    }
}
