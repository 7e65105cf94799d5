using AutoTune.Quality.Problems;
using static System.FormattableString;

namespace AutoTune.Quality.Evaluators;

/// <summary>Compares an evaluator with the losses that a problem states.</summary>
internal static class Proof
{
    /// <summary>Surrogates are float32 and their runtimes differ in the last digits.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>The first difference in words: problem, point, expected, found; null if there is none.</summary>
    public static string? FirstMismatch(Problem problem, IEvaluator evaluator)
    {
        for (var i = 0; i < problem.CheckPoints.Length; i++)
        {
            var (point, expected, fidelity, expectedAtFidelity) = problem.CheckPoints[i];
            if (Mismatch(i, point, "", expected, evaluator.Loss(point)) is { } mismatch) return mismatch;
            if (fidelity is not { } lower || expectedAtFidelity is not { } there) continue;
            if (Mismatch(i, point, Invariant($" at {problem.Fidelity} {lower}"), there, evaluator.Loss(point, lower)) is { } atFidelity) return atFidelity;
        }

        return null;

        string? Mismatch(int number, Point point, string where, double expected, double found)
            => Math.Abs(found - expected) <= Tolerance * Math.Max(Math.Abs(expected), 1e-8) // a loss of 0 has no relative error
                ? null
                : Invariant($"Problem '{problem.Name}', check point {number + 1}{where} ({point}): expected {expected}, found {found}.");
    }
}
