using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Evaluators;

/// <summary>Finds the loss of points. Thread-safe.</summary>
internal interface IEvaluator
{
    /// <summary>The loss of a point; NaN if there is none, which makes the trial fail.</summary>
    /// <param name="point">Where.</param>
    /// <param name="fidelity">The value of what a multi-fidelity method varies; null: full fidelity.</param>
    double Loss(Point point, double? fidelity = null);
}
