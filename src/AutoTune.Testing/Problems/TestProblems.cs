using System.Collections.Immutable;

namespace AutoTune.Testing;

/// <summary>Functions with known minima on which tuners are tried: smooth and continuous, mixed, conditional.</summary>
public static class TestProblems
{
    // Hartmann 6: a_ij, p_ij and alpha_i of Dixon and Szegö (1978), as tabulated by Surjanovic and Bingham.
    private static readonly double[] Alpha = [1.0, 1.2, 3.0, 3.2];
    private static readonly double[,] A =
    {
        { 10, 3, 17, 3.5, 1.7, 8 },
        { 0.05, 10, 17, 0.1, 8, 14 },
        { 3, 3.5, 1.7, 10, 17, 8 },
        { 17, 8, 0.05, 10, 0.1, 14 },
    };

    private static readonly double[,] P =
    {
        { 0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886 },
        { 0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991 },
        { 0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650 },
        { 0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381 },
    };

    /// <summary>Branin's function of two reals, with three equal minima (Branin 1972).</summary>
    public static TestProblem Branin { get; } = CreateBranin();

    /// <summary>Hartmann's function of six reals: one global and five local minima (Dixon and Szegö 1978).</summary>
    public static TestProblem Hartmann6 { get; } = CreateHartmann6();

    /// <summary>A smooth bowl over a log range, a whole number, an order, a choice and a boolean, in which choice and boolean move the bowl.</summary>
    public static TestProblem Mixed { get; } = CreateMixed();

    /// <summary>A choice among three trainers with hyperparameters of their own, one of them nested twice; the best trainer looks worst at its defaults.</summary>
    public static TestProblem Conditional { get; } = CreateConditional();

    /// <summary>All of them.</summary>
    public static ImmutableArray<TestProblem> All { get; } = [Branin, Hartmann6, Mixed, Conditional];

    private static TestProblem CreateBranin()
    {
        var space = new SearchSpaceBuilder();
        var x = space.AddReal("x", -5, 10);
        var y = space.AddReal("y", 0, 15);
        var built = space.Build();
        return new("Branin", built, 0.39788735772973816, built.Configure(set => set.Set(x, Math.PI).Set(y, 2.275)), configuration =>
        {
            var (a, b) = (configuration.Get(x), configuration.Get(y));
            return Square(b - 5.1 / (4 * Math.PI * Math.PI) * a * a + 5 / Math.PI * a - 6) + 10 * (1 - 1 / (8 * Math.PI)) * Math.Cos(a) + 10;
        });
    }

    private static TestProblem CreateHartmann6()
    {
        double[] optimum = [0.20168952, 0.15001069, 0.47687398, 0.27533243, 0.31165162, 0.65730053];
        var space = new SearchSpaceBuilder();
        var xs = Enumerable.Range(1, 6).Select(i => space.AddReal($"x{i}", 0, 1)).ToArray();
        var built = space.Build();
        return new("Hartmann 6", built, -3.3223680114155147, built.Configure(set => Array.ForEach([0, 1, 2, 3, 4, 5], i => set.Set(xs[i], optimum[i]))), configuration =>
        {
            var sum = 0.0;
            for (var i = 0; i < 4; i++)
            {
                var distance = 0.0;
                for (var j = 0; j < 6; j++) distance += A[i, j] * Square(configuration.Get(xs[j]) - P[i, j]);
                sum -= Alpha[i] * Math.Exp(-distance);
            }

            return sum;
        });
    }

    private static TestProblem CreateMixed()
    {
        var space = new SearchSpaceBuilder();
        var rate = space.AddReal("rate", 1e-5, 1, Scale.Log);
        var units = space.AddInteger("units", 8, 512, Scale.Log);
        var size = space.AddOrdered("size", ["small", "medium", "large"]);
        var activation = space.AddCategorical("activation", ["tanh", "relu", "gelu", "sine"]);
        var normalise = space.AddBoolean("normalise");
        var built = space.Build();
        var optimum = built.Configure(set => set.Set(rate, 1e-2).Set(units, 64).Set(size, "medium").Set(activation, "gelu").Set(normalise, true));
        return new("mixed", built, 0, optimum, configuration =>
        {
            var choice = configuration.Get(activation) switch { "gelu" => 0.0, "relu" => 0.1, "tanh" => 0.4, _ => 0.9 };
            // Without normalisation the best rate is ten times smaller.
            var bestRate = configuration.Get(normalise) ? -2.0 : -3.0;
            return Square(Math.Log10(configuration.Get(rate)) - bestRate) + Square(Math.Log2(configuration.Get(units) / 64.0)) / 4
                + choice + (configuration.Get(normalise) ? 0 : 0.2) + (configuration.Get(size) == "medium" ? 0 : 0.15);
        });
    }

    private static TestProblem CreateConditional()
    {
        var space = new SearchSpaceBuilder();
        var trainer = space.AddCategorical("trainer", ["linear", "trees", "network"]);
        var penalty = space.AddReal("linear.penalty", 1e-6, 1e2, Scale.Log, activeWhen: trainer.Is("linear"));
        var leaves = space.AddInteger("trees.leaves", 4, 1024, Scale.Log, activeWhen: trainer.Is("trees"));
        var shrinkage = space.AddReal("trees.shrinkage", 0.01, 1, Scale.Log, activeWhen: trainer.Is("trees"));
        var solver = space.AddCategorical("network.solver", ["adam", "sgd"], trainer.Is("network"));
        var momentum = space.AddReal("network.momentum", 0, 1, activeWhen: solver.Is("sgd"));
        var rate = space.AddReal("network.rate", 1e-5, 1, Scale.Log, activeWhen: trainer.Is("network"));
        var built = space.Build();
        var optimum = built.Configure(set => set.Set(trainer, "network").Set(solver, "sgd").Set(momentum, 0.9).Set(rate, 0.1));
        return new("conditional", built, 0, optimum, configuration => configuration.Get(trainer) switch
        {
            "linear" => 0.5 + 0.02 * Square(Math.Log10(configuration.Get(penalty)) + 1),
            "trees" => 0.2 + 0.05 * Square(Math.Log2(configuration.Get(leaves) / 64.0)) + 0.3 * Square(Math.Log10(configuration.Get(shrinkage)) + 1),
            _ when configuration.Get(solver) == "adam" => 0.7 + 0.3 * Square(Math.Log10(configuration.Get(rate)) + 3),
            _ => 4 * Square(configuration.Get(momentum) - 0.9) + 0.5 * Square(Math.Log10(configuration.Get(rate)) + 1),
        });
    }

    private static double Square(double x) => x * x;
}
