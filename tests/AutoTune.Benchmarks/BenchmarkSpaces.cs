namespace AutoTune.Benchmarks;

/// <summary>The spaces that benchmarks search.</summary>
internal static class BenchmarkSpaces
{
    public static SearchSpace Continuous(int dimensions)
    {
        var space = new SearchSpaceBuilder();
        for (var i = 0; i < dimensions; i++) space.AddReal($"x{i}", 0, 1);
        return space.Build();
    }

    /// <summary>Two trainers with children of every kind: eleven hyperparameters, seven active on average.</summary>
    public static SearchSpace Conditional()
    {
        var space = new SearchSpaceBuilder();
        var trainer = space.AddCategorical("trainer", ["trees", "linear"]);
        var trees = space.Nest("trees", trainer.Is("trees"));
        trees.AddInteger("leaves", 4, 512, Scale.Log);
        trees.AddInteger("count", 20, 500, Scale.Log);
        trees.AddReal("rate", 0.01, 0.5, Scale.Log);
        trees.AddReal("fraction", 0.3, 1);
        trees.AddBoolean("bagging");
        var linear = space.Nest("linear", trainer.Is("linear"));
        var penalty = linear.AddCategorical("penalty", ["none", "l1", "l2"]);
        linear.AddReal("weight", 1e-6, 10, Scale.Log, activeWhen: penalty.Is("l1", "l2"));
        linear.AddOrdered("passes", [1, 2, 5, 10, 20]);
        space.AddInteger("bits", 4, 18);
        space.AddReal("threshold", 0, 1, step: 0.05);
        return space.Build();
    }

    /// <summary>A loss that depends on every active hyperparameter, so that a model has something to learn.</summary>
    public static double Loss(Configuration configuration)
    {
        var dimensions = configuration.Space.Encoding.Dimensions.Length;
        Span<double> unit = stackalloc double[dimensions];
        Span<bool> active = stackalloc bool[dimensions];
        configuration.Space.Encoding.Encode(configuration, unit, active);
        var loss = 0.0;
        for (var i = 0; i < dimensions; i++)
        {
            if (active[i]) loss += (unit[i] - 0.3) * (unit[i] - 0.3) / (i + 1);
        }

        return loss;
    }
}
