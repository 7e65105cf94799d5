using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Evaluators;

/// <summary>Finds the loss of points. Thread-safe.</summary>
internal interface IEvaluator
{
    /// <summary>How far equally right machines may lie apart whatever the loss; 0 where arithmetic is the same everywhere.</summary>
    double Rounding => 0;

    /// <summary>The loss of a point; NaN if there is none, which makes the trial fail.</summary>
    /// <param name="point">Where.</param>
    /// <param name="fidelity">The value of what a multi-fidelity method varies; null: full fidelity.</param>
    double Loss(Point point, double? fidelity = null);

    /// <summary>The losses of a point at several fidelities.</summary>
    /// <param name="point">Where.</param>
    /// <param name="fidelities">The values of what a multi-fidelity method varies.</param>
    /// <param name="losses">Receives a loss for each; NaN where there is none.</param>
    void Losses(Point point, ReadOnlySpan<double> fidelities, Span<double> losses)
    {
        for (var i = 0; i < losses.Length; i++) losses[i] = Loss(point, fidelities[i]);
    }
}
