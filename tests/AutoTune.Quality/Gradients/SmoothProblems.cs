using AutoTune.Tuners.Numerics;

namespace AutoTune.Quality.Gradients;

/// <summary>Classical smooth functions with their gradients, another instance for each seed: the minimum lies elsewhere.</summary>
internal static class SmoothProblems
{
    private static readonly Func<int, GradientProblem>[] Exact =
    [
        seed => Quadratic(10, seed), seed => Quadratic(20, seed),
        seed => Rosenbrock(2, seed), seed => Rosenbrock(5, seed), seed => Rosenbrock(10, seed), seed => Rosenbrock(20, seed),
        seed => StyblinskiTang(10, seed), seed => WeightDecays.Problem(8, seed), seed => WeightDecays.Problem(20, seed), seed => WeightDecays.Problem(20, seed, 1e-9),
    ];

    /// <summary>All problems, of any seed.</summary>
    public static IReadOnlyList<Func<int, GradientProblem>> All { get; } =
        [.. Exact, .. Exact.Where((_, index) => index is not (2 or 4 or 5)).Select<Func<int, GradientProblem>, Func<int, GradientProblem>>(exact => seed => Misjudged(exact(seed), seed))];

    /// <summary>A problem whose loss and gradient are measured with errors: a thirtieth of what the defaults lose, and a tenth of the gradient there, whose length is by half too short and wavers.</summary>
    public static GradientProblem Misjudged(GradientProblem problem, int seed)
    {
        var best = problem.BestKnown();
        var start = problem.Evaluate(problem.Space.Default, withGradient: true);
        var slopes = new double[problem.Space.Hyperparameters.Length];
        Spaces.SpaceEncodingExtensions.EncodeGradient(problem.Space.Encoding, problem.Space.Default, start.Gradient, slopes);
        var size = Math.Sqrt(VectorMath.Dot(slopes, slopes) / slopes.Length);
        return problem with { Name = $"misjudged {problem.Name}", Minimum = best, Error = new MeasuringError(seed, (start.Value - best) / 30, size / 10, 0.5) };
    }

    /// <summary>The sum of l_i (Q (x - shift))_i^2 with a random rotation Q and l from 1 to 100 evenly on a log scale; the shift is within 0.2 and 0.8 of [0, 1].</summary>
    public static GradientProblem Quadratic(int dimensions, int seed)
    {
        var random = new RandomSource(seed).Fork("quadratic", dimensions);
        var rotation = Rotation(dimensions, random);
        var shift = Shift(dimensions, random, 0.2, 0.8);
        double[] weights = [.. Enumerable.Range(0, dimensions).Select(i => Math.Pow(100, i / (dimensions - 1.0)))];
        return new GradientProblem($"rotated quadratic, {dimensions}", Cube(dimensions, 0, 1), (x, gradient) =>
        {
            gradient.Clear();
            var sum = 0.0;
            for (var i = 0; i < dimensions; i++)
            {
                var z = 0.0;
                for (var j = 0; j < dimensions; j++) z += rotation[i][j] * (x[j] - shift[j]);
                sum += weights[i] * z * z;
                VectorMath.AddScaled(rotation[i], 2 * weights[i] * z, gradient);
            }

            return sum;
        }, Minimum: 0);
    }

    /// <summary>Rosenbrock's valley on [-2, 2], moved by up to 0.5.</summary>
    public static GradientProblem Rosenbrock(int dimensions, int seed)
    {
        var shift = Shift(dimensions, new RandomSource(seed).Fork("Rosenbrock", dimensions), -0.5, 0.5);
        return new GradientProblem($"Rosenbrock, {dimensions}", Cube(dimensions, -2, 2), (x, gradient) =>
        {
            gradient.Clear();
            var sum = 0.0;
            for (var i = 0; i + 1 < dimensions; i++)
            {
                double here = x[i] - shift[i], next = x[i + 1] - shift[i + 1], valley = next - here * here;
                sum += 100 * valley * valley + (1 - here) * (1 - here);
                gradient[i] += -400 * valley * here - 2 * (1 - here);
                gradient[i + 1] += 200 * valley;
            }

            return sum;
        }, Minimum: 0);
    }

    /// <summary>Styblinski and Tang's sum of (x^4 - 16 x^2 + 5 x) / 2 on [-5, 5], moved by up to 1.5: two minima in each coordinate.</summary>
    public static GradientProblem StyblinskiTang(int dimensions, int seed)
    {
        var shift = Shift(dimensions, new RandomSource(seed).Fork("Styblinski", dimensions), -1.5, 1.5);
        return new GradientProblem($"Styblinski-Tang, {dimensions}", Cube(dimensions, -5, 5), (x, gradient) =>
        {
            var sum = 0.0;
            for (var i = 0; i < dimensions; i++)
            {
                var z = x[i] - shift[i];
                sum += 0.5 * (z * z * z * z - 16 * z * z + 5 * z);
                gradient[i] = 2 * z * z * z - 16 * z + 2.5;
            }

            return sum;
        }, Minimum: -39.16616570377142 * dimensions);
    }

    private static double[] Shift(int dimensions, RandomSource random, double low, double high)
        => [.. Enumerable.Range(0, dimensions).Select(_ => low + (high - low) * random.NextDouble())];

    private static SearchSpace Cube(int dimensions, double low, double high)
    {
        var builder = new SearchSpaceBuilder();
        for (var j = 0; j < dimensions; j++) builder.AddReal($"x{j:D2}", low, high);
        return builder.Build();
    }

    // Rows made orthonormal by Gram and Schmidt.
    private static double[][] Rotation(int dimensions, RandomSource random)
    {
        var rows = new double[dimensions][];
        for (var i = 0; i < dimensions; i++)
        {
            rows[i] = [.. Enumerable.Range(0, dimensions).Select(_ => random.NextGaussian())];
            for (var k = 0; k < i; k++) VectorMath.AddScaled(rows[k], -VectorMath.Dot(rows[k], rows[i]), rows[i]);
            var norm = Math.Sqrt(VectorMath.Dot(rows[i], rows[i]));
            for (var j = 0; j < dimensions; j++) rows[i][j] /= norm;
        }

        return rows;
    }
}
