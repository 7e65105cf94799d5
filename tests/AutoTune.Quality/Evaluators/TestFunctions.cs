using static System.Math;

namespace AutoTune.Quality.Evaluators;

/// <summary>The classical functions, in the form that the folder's page gives. Notation: z, the point less its shift, of dimension d.</summary>
internal static class TestFunctions
{
    // Hartmann 6: alpha_i, a_ij, p_ij of Dixon and Szegö (1978), as tabulated by Surjanovic and Bingham.
    private static readonly double[] HartmannAlpha = [1.0, 1.2, 3.0, 3.2];
    private static readonly double[][] HartmannA =
        [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]];
    private static readonly double[][] HartmannP =
    [
        [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886], [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
        [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650], [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
    ];

    public static double Ackley(double[] z)
        => -20 * Exp(-0.2 * Sqrt(z.Average(v => v * v))) - Exp(z.Average(v => Cos(2 * PI * v))) + 20 + E;

    public static double Rosenbrock(double[] z)
    {
        var sum = 0.0;
        for (var i = 0; i + 1 < z.Length; i++)
        {
            var (here, next) = (z[i] + 1, z[i + 1] + 1);
            sum += 100 * Square(next - here * here) + Square(1 - here);
        }

        return sum;
    }

    public static double Levy(double[] z)
    {
        var w = z.Select(v => 1 + (v + 1 - 1) / 4).ToArray();
        var sum = Square(Sin(PI * w[0])) + Square(w[^1] - 1) * (1 + Square(Sin(2 * PI * w[^1])));
        for (var i = 0; i + 1 < w.Length; i++) sum += Square(w[i] - 1) * (1 + 10 * Square(Sin(PI * w[i] + 1)));
        return sum;
    }

    public static double Rastrigin(double[] z) => 10 * z.Length + z.Sum(v => v * v - 10 * Cos(2 * PI * v));

    public static double Michalewicz(double[] z)
    {
        var sum = 0.0;
        for (var i = 0; i < z.Length; i++) sum -= Sin(z[i]) * Pow(Sin((i + 1) * z[i] * z[i] / PI), 20);
        return sum;
    }

    public static double Branin(double[] z)
        => Square(z[1] - 5.1 / (4 * PI * PI) * z[0] * z[0] + 5 / PI * z[0] - 6) + 10 * (1 - 1 / (8 * PI)) * Cos(z[0]) + 10;

    public static double Hartmann6(double[] z)
    {
        var sum = 0.0;
        for (var i = 0; i < HartmannAlpha.Length; i++)
        {
            var exponent = 0.0;
            for (var j = 0; j < 6; j++) exponent += HartmannA[i][j] * Square(z[j] - HartmannP[i][j]);
            sum -= HartmannAlpha[i] * Exp(-exponent);
        }

        return sum;
    }

    private static double Square(double value) => value * value;
}
