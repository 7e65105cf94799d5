using AutoTune.Quality.Problems;
using static System.FormattableString;

namespace AutoTune.Quality.Evaluators;

/// <summary>Compares an evaluator with the losses that a problem states.</summary>
/// <param name="Differences">The largest relative difference over the check points.</param>
/// <param name="Mismatch">The first that is too large, in words: problem, point, expected, found; null if there is none.</param>
internal sealed record Proof(double Differences, string? Mismatch)
{
    /// <summary>The relative difference that is let pass.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>Evaluates all check points of a problem.</summary>
    public static Proof Of(Problem problem, IEvaluator evaluator)
    {
        var (largest, mismatch) = (0.0, (string?)null);
        for (var i = 0; i < problem.CheckPoints.Length; i++)
        {
            var (point, loss, fidelity, lossAtFidelity) = problem.CheckPoints[i];
            Compare(i, point, "", loss, evaluator.Loss(point));
            if (fidelity is { } lower && lossAtFidelity is { } there)
                Compare(i, point, Invariant($" at {problem.Fidelity?.Name} {lower}"), there, evaluator.Loss(point, lower));
        }

        return new Proof(largest, mismatch);

        void Compare(int number, Point point, string where, double expected, double found)
        {
            var size = Math.Max(Math.Abs(expected), 1e-8); // a loss of 0 has no relative difference
            var difference = Math.Abs(found - expected);
            largest = Math.Max(largest, difference / size);
            if (!(difference <= Tolerance * size + evaluator.Rounding)) // NaN is a mismatch too
                mismatch ??= Invariant($"Problem '{problem.Name}', check point {number + 1}{where} ({point}): expected {expected}, found {found}.");
        }
    }
}
