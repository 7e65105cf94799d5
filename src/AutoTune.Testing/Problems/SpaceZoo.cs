using System.Collections.Immutable;

namespace AutoTune.Testing;

/// <summary>Spaces of every kind, the awkward ones too: what a tuner must cope with.</summary>
public static class SpaceZoo
{
    /// <summary>Three reals.</summary>
    public static SearchSpace Continuous { get; } = Build(space =>
    {
        space.AddReal("x", -5, 10);
        space.AddReal("y", 0, 1);
        space.AddReal("z", 1e6, 2e6);
    });

    /// <summary>Five configurations in all.</summary>
    public static SearchSpace Tiny { get; } = Build(space =>
    {
        var shape = space.AddCategorical("shape", ["round", "square"]);
        space.AddInteger("corners", 4, 7, activeWhen: shape.Is("square"));
    });

    /// <summary>One configuration: a hyperparameter of each kind, each with one value.</summary>
    public static SearchSpace OnePoint { get; } = Build(space =>
    {
        space.AddReal("x", 3, 3);
        space.AddInteger("n", 7, 7);
        space.AddCategorical("only", ["choice"]);
    });

    /// <summary>Two hundred hyperparameters: reals, whole numbers, choices.</summary>
    public static SearchSpace Wide { get; } = Build(space =>
    {
        for (var i = 0; i < 160; i++) space.AddReal($"x{i}", -1, 1);
        for (var i = 0; i < 20; i++) space.AddInteger($"n{i}", 1, 1000, Scale.Log);
        for (var i = 0; i < 20; i++) space.AddCategorical($"c{i}", ["a", "b", "c"]);
    });

    /// <summary>Hyperparameters of all kinds, nested conditions and a constraint.</summary>
    public static SearchSpace Everything { get; } = Build(space =>
    {
        var rate = space.AddReal("rate", 1e-6, 1, Scale.Log);
        var layers = space.AddInteger("layers", 1, 3);
        space.AddInteger("width", 4, 1024, Scale.Log);
        space.AddReal("dropout", 0, 0.9, step: 0.1, activeWhen: layers.Is(2, 3));
        var solver = space.AddCategorical("solver", ["adam", "sgd", "lbfgs"]);
        var nesterov = space.AddBoolean("sgd.nesterov", activeWhen: solver.Is("sgd"));
        space.AddReal("sgd.momentum", 0.5, 0.999, activeWhen: nesterov.Is(true));
        space.AddOrdered("batch", [16, 32, 64, 128], 64);
        space.AddReal("fixed", 2, 2);
        space.Require("deep nets learn slowly", configuration => configuration.Get(layers) < 3 || configuration.Get(rate) < 1e-2);
    });

    /// <summary>All spaces, by name.</summary>
    public static ImmutableArray<(string Name, SearchSpace Space)> All { get; } =
    [
        ("continuous", Continuous),
        ("log", Build(space =>
        {
            space.AddReal("rate", 1e-300, 1e300, Scale.Log);
            space.AddReal("penalty", 1e-8, 1e-7, Scale.Log);
        })),
        ("steps", Build(space =>
        {
            space.AddReal("fraction", 0, 1, step: 0.25);
            space.AddInteger("even", -100, 100, step: 2);
        })),
        ("whole numbers", Build(space =>
        {
            space.AddInteger("count", int.MinValue, int.MaxValue);
            space.AddInteger("size", 1, 1_000_000, Scale.Log);
        })),
        ("categorical", Build(space =>
        {
            for (var i = 0; i < 4; i++) space.AddCategorical($"choice {i}", Enumerable.Range(0, 3 + i).ToArray());
        })),
        ("ordered and boolean", Build(space =>
        {
            space.AddOrdered("size", ["S", "M", "L", "XL"]);
            space.AddBoolean("a");
            space.AddBoolean("b", defaultValue: true);
        })),
        ("conditional", TestProblems.Conditional.Space),
        ("constrained", Build(space =>
        {
            var x = space.AddReal("x", 0, 1);
            var y = space.AddReal("y", 0, 1);
            space.Require("x + y is at most 0.5", configuration => configuration.Get(x) + configuration.Get(y) <= 0.5);
        })),
        ("defaults break the constraint", Build(space =>
        {
            var x = space.AddReal("x", 0, 1, defaultValue: 0);
            space.Require("x is above 0.7", configuration => configuration.Get(x) > 0.7);
        })),
        ("one value each", OnePoint),
        ("a value beside a range", Build(space =>
        {
            space.AddReal("fixed", 3, 3);
            space.AddReal("free", 0, 1);
        })),
        ("tiny", Tiny),
        ("empty", SearchSpace.Empty),
        ("twenty reals", Build(space =>
        {
            for (var i = 0; i < 20; i++) space.AddReal($"x{i}", -1, 1);
        })),
        ("everything", Everything),
    ];

    private static SearchSpace Build(Action<SearchSpaceBuilder> declare)
    {
        var space = new SearchSpaceBuilder();
        declare(space);
        return space.Build();
    }
}
