namespace AutoTune.Kernel.Tests.Spaces;

/// <summary>Spaces that the tests of this folder share.</summary>
internal static class ConditionalSpaces
{
    /// <summary>Every kind of hyperparameter, on every scale, in nested conditions.</summary>
    public static SearchSpace OfEveryKind()
    {
        var builder = new SearchSpaceBuilder();
        var trainer = builder.AddCategorical("trainer", ["lightgbm", "fasttree", "sdca", "lbfgs"]);
        var lightgbm = builder.Nest("lightgbm", trainer.Is("lightgbm"));
        lightgbm.AddInteger("leaves", 4, 1024, Scale.Log);
        lightgbm.AddReal("rate", 1e-3, 1, Scale.Log);
        var boosting = lightgbm.AddCategorical("boosting", ["gbdt", "dart", "goss"]);
        lightgbm.AddReal("drop", 0, 1, activeWhen: boosting.Is("dart"));
        lightgbm.AddReal("top", 0.05, 0.5, step: 0.05, activeWhen: boosting.Is("goss"));
        var extra = lightgbm.AddBoolean("extra", activeWhen: boosting.Is("dart", "goss"));
        lightgbm.AddInteger("seed", int.MinValue, int.MaxValue, activeWhen: extra.Is(true));
        var fasttree = builder.Nest("fasttree", trainer.Is("fasttree"));
        fasttree.AddInteger("minimum", 1, 200);
        fasttree.AddInteger("bins", 15, 255, step: 16);
        var linear = builder.Nest("linear", trainer.Is("sdca", "lbfgs"));
        linear.AddReal("l1", 1e-300, 1e300, Scale.Log);
        linear.AddReal("shift", -1.7e308, 1.7e308);
        linear.AddReal("narrow", 1000, 1001);
        linear.AddReal("narrow log", 1000, 1001, Scale.Log);
        linear.AddOrdered("effort", ["low", "middle", "high"]);
        var layers = builder.AddInteger("layers", 0, 3);
        builder.AddInteger("width", 16, 512, Scale.Log, activeWhen: layers.Is(1, 2, 3));
        builder.AddReal("constant", 3, 3);
        builder.AddReal("fraction", -0.1, 1.3);
        return builder.Build();
    }
}
