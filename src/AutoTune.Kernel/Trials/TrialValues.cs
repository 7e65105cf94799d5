using System.Collections.Immutable;

namespace AutoTune;

/// <summary>What an objective returns: the value of the goal's metric, other metrics worth keeping, and the value's gradient where it is known.</summary>
/// <param name="Value">The value of the goal's metric. NaN or infinite makes the trial fail.</param>
/// <param name="Metrics">Other figures by name: what a study requires (<c>Require</c>), and what is worth keeping.</param>
public sealed record TrialValues(double Value, ImmutableSortedDictionary<string, double> Metrics)
{
    /// <summary>A value without other metrics.</summary>
    public TrialValues(double value) : this(value, Notes.None<double>()) { }

    /// <summary>
    /// Derivatives of <see cref="Value"/> by hyperparameters, by name, each in the hyperparameter's own unit: by a learning rate, not by its
    /// logarithm. Any subset of the active real hyperparameters; empty, the default, where none is known. See <see cref="WithGradient(Hyperparameter, double)"/>.
    /// </summary>
    public ImmutableSortedDictionary<string, double> Gradient { get; init; } = Notes.None<double>();

    /// <summary>The same with one more figure, or another value for it.</summary>
    /// <param name="metric">The figure's name.</param>
    /// <param name="value">Its value.</param>
    public TrialValues With(string metric, double value) => this with { Metrics = Metrics.SetItem(metric, value) };

    /// <summary>The same with the derivative of the value by a real hyperparameter, in that hyperparameter's own unit.</summary>
    /// <param name="hyperparameter">The hyperparameter; real, and active in the trial.</param>
    /// <param name="derivative">
    /// d value / d hyperparameter, as the metric is: not turned into a loss, not by the logarithm of a log scale. One that is NaN or infinite
    /// is left out, with a warning, and the value counts all the same.
    /// </param>
    /// <exception cref="ArgumentException">The hyperparameter is not real.</exception>
    public TrialValues WithGradient(Hyperparameter hyperparameter, double derivative)
    {
        ArgumentNullException.ThrowIfNull(hyperparameter);
        if (hyperparameter.Domain is not RealDomain) throw new ArgumentException(GradientRules.NotReal(hyperparameter), nameof(hyperparameter));
        return WithGradient(hyperparameter.Name, derivative);
    }

    /// <summary>The same with the derivative of the value by a real hyperparameter, given by its name; a trial that names another fails and says so.</summary>
    /// <inheritdoc cref="WithGradient(Hyperparameter, double)"/>
    public TrialValues WithGradient(string hyperparameter, double derivative)
    {
        ArgumentNullException.ThrowIfNull(hyperparameter);
        return this with { Gradient = Gradient.SetItem(hyperparameter, derivative) };
    }

    /// <summary>A value without other metrics.</summary>
    public static implicit operator TrialValues(double value) => new(value);

    /// <summary>A value without other metrics.</summary>
    public static TrialValues FromDouble(double value) => new(value);
}
