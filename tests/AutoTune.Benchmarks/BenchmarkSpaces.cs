namespace AutoTune.Benchmarks;

/// <summary>The spaces that benchmarks search.</summary>
internal static class BenchmarkSpaces
{
    /// <summary>The space of a name.</summary>
    public static SearchSpace Of(string name) => name switch
    {
        "2 reals" => Continuous(2),
        "10 reals" => Continuous(10),
        "40 reals" => Continuous(40),
        "choices" => Choices(),
        "mixed" => Mixed(),
        "conditional" => Conditional(),
        _ => throw new ArgumentException($"There is no space '{name}'; there are 2 reals, 10 reals, 40 reals, choices, mixed and conditional.", nameof(name)),
    };

    public static SearchSpace Continuous(int dimensions)
    {
        var space = new SearchSpaceBuilder();
        for (var i = 0; i < dimensions; i++) space.AddReal($"x{i}", 0, 1);
        return space.Build();
    }

    /// <summary>Ten choices of two to eleven values each: more configurations than any study tries.</summary>
    public static SearchSpace Choices()
    {
        var space = new SearchSpaceBuilder();
        for (var i = 0; i < 10; i++) space.AddCategorical($"c{i}", Enumerable.Range(0, 2 + i).ToArray());
        return space.Build();
    }

    /// <summary>Ten hyperparameters of every kind, all of which always exist.</summary>
    public static SearchSpace Mixed()
    {
        var space = new SearchSpaceBuilder();
        for (var i = 0; i < 4; i++) space.AddReal($"x{i}", 1e-4, 1, i % 2 == 0 ? Scale.Linear : Scale.Log);
        for (var i = 0; i < 3; i++) space.AddInteger($"n{i}", 1, 1000, i % 2 == 0 ? Scale.Linear : Scale.Log);
        space.AddCategorical("c", ["a", "b", "c", "d"]);
        space.AddOrdered("o", [16, 32, 64, 128]);
        space.AddBoolean("b");
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
