using System.Globalization;
using AutoTune.Quality.Evaluators;
using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Measuring;

/// <summary>Proves the evaluators and shows how well they agree.</summary>
internal static class CheckCommand
{
    /// <summary>Checks every problem, a line each.</summary>
    /// <exception cref="ProblemException">An evaluator gives another loss than its problem states.</exception>
    public static void Execute(ProblemFolder folder)
    {
        using var factory = new EvaluatorFactory(folder);
        foreach (var problem in folder.Problems)
        {
            var (evaluator, proof) = factory.Create(problem);
            // Any configuration must have a point and a loss, not only those of the file.
            var space = new ProblemSpace(problem);
            var random = new RandomSource(0);
            var failed = Enumerable.Range(0, 200).Count(_ => !double.IsFinite(evaluator.Loss(space.PointOf(space.Space.Sample(random)))));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{problem.Name,-26} {problem.Kind,-8} {space.Space.Hyperparameters.Length,3} hyperparameters  {problem.CheckPoints.Length} check points agree to {proof.Differences:0.0e+0}{(proof.Differences > Proof.Tolerance ? " (rounding of float32)" : "")}{(failed > 0 ? $"  {failed / 2.0} % without a loss" : "")}"));
        }

        Console.WriteLine($"{folder.Problems.Length} problems; their evaluators agree with the check points.");
    }
}
