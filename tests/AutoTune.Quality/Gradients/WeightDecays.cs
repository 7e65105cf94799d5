using AutoTune.Tuners.Numerics;

namespace AutoTune.Quality.Gradients;

/// <summary>A tuning problem with a true hypergradient: a weight decay for each feature of a logistic regression, judged by its validation loss.</summary>
/// <remarks>
/// <code>
/// w         weights: the minimum of T(w) = mean over 80 training rows of ln(1 + exp(-y x'w)) + 1/2 sum_j l_j w_j^2, by Newton's method   d
/// l         weight decays from 1e-5 to 10 on a log scale, the hyperparameters                                                       d
/// V(w)      the same mean over 400 validation rows, without decay: the loss
/// dV/dl_j   -w_j v_j with H v = grad V, H being the Hessian of T at w: implicit differentiation            (Bengio 2000; Lorraine and others 2020)
/// </code>
/// Half of the features have an effect, of falling size; the others are noise. The rows differ from seed to seed.
/// </remarks>
internal static class WeightDecays
{
    private const int TrainingRows = 80, ValidationRows = 400, MaxSteps = 100;

    /// <summary>The problem of a seed.</summary>
    public static GradientProblem Problem(int features, int seed, double low = 1e-5)
    {
        var random = new RandomSource(seed).Fork("weight decays", features);
        double[] truth = [.. Enumerable.Range(0, features).Select(j => j < features / 2 ? 2.0 / (1 + j) * (j % 2 == 0 ? 1 : -1) : 0)];
        var training = Rows(TrainingRows, truth, random.Fork("training"));
        var validation = Rows(ValidationRows, truth, random.Fork("validation"));
        var builder = new SearchSpaceBuilder();
        for (var j = 0; j < features; j++) builder.AddReal($"decay{j:D2}", low, 10, Scale.Log);
        return new GradientProblem($"weight decays, {features}{(low < 1e-5 ? ", wide" : "")}", builder.Build(), (decays, gradient) => Loss(training, validation, decays, gradient), Minimum: null);
    }

    private static double Loss(double[][] training, double[][] validation, ReadOnlySpan<double> decays, Span<double> gradient)
    {
        var d = decays.Length;
        double[] w = new double[d], slope = new double[d], hessian = new double[d * d];
        for (var step = 0; step < MaxSteps; step++)
        {
            var before = Mean(training, w, slope, hessian);
            for (var j = 0; j < d; j++)
            {
                before += 0.5 * decays[j] * w[j] * w[j];
                slope[j] += decays[j] * w[j];
                hessian[j * d + j] += decays[j];
            }

            if (VectorMath.Dot(slope, slope) < 1e-24) break;
            Solve(hessian, slope);
            double[] next = [.. w];
            var share = 1.0;
            do
            {
                for (var j = 0; j < d; j++) next[j] = w[j] - share * slope[j];
                share /= 2;
            }
            while (share > 1e-9 && !(Objective(training, next, decays) <= before + 1e-12)); // near the minimum rounding is larger than what a step gains
            w = next;
        }

        Mean(training, w, slope, hessian);
        for (var j = 0; j < d; j++) hessian[j * d + j] += decays[j];
        var loss = Mean(validation, w, slope, null);
        Solve(hessian, slope);
        for (var j = 0; j < d; j++) gradient[j] = -w[j] * slope[j];
        return loss;
    }

    private static void Solve(double[] hessian, double[] vector)
    {
        var d = vector.Length;
        if (!Cholesky.TryFactor(hessian, d, d)) throw new InvalidOperationException("The Hessian of a strictly convex loss cannot be factored.");
        Cholesky.Forward(hessian, d, d, vector);
        Cholesky.Backward(hessian, d, d, vector);
    }

    private static double Objective(double[][] rows, double[] w, ReadOnlySpan<double> decays)
    {
        var sum = Mean(rows, w, new double[w.Length], null);
        for (var j = 0; j < w.Length; j++) sum += 0.5 * decays[j] * w[j] * w[j];
        return sum;
    }

    // Rows are y x, so that every label is 1.
    private static double Mean(double[][] rows, double[] w, double[] slope, double[]? hessian)
    {
        var d = w.Length;
        slope.AsSpan().Clear();
        hessian?.AsSpan().Clear();
        var sum = 0.0;
        foreach (var row in rows)
        {
            var margin = VectorMath.Dot(row, w);
            sum += margin > 0 ? Math.Log(1 + Math.Exp(-margin)) : Math.Log(1 + Math.Exp(margin)) - margin;
            var miss = 1 / (1 + Math.Exp(margin));
            VectorMath.AddScaled(row, -miss / rows.Length, slope);
            for (var j = 0; hessian is not null && j < d; j++) VectorMath.AddScaled(row, miss * (1 - miss) * row[j] / rows.Length, hessian.AsSpan(j * d, d));
        }

        return sum / rows.Length;
    }

    private static double[][] Rows(int count, double[] truth, RandomSource random)
    {
        var rows = new double[count][];
        for (var i = 0; i < count; i++)
        {
            double[] x = [.. truth.Select(_ => random.NextGaussian())];
            var isOne = random.NextDouble() < 1 / (1 + Math.Exp(-VectorMath.Dot(x, truth)));
            rows[i] = isOne ? x : [.. x.Select(value => -value)];
        }

        return rows;
    }
}
