using AutoTune.Spaces;

namespace AutoTune.Kernel.Tests.Spaces;

[TestClass]
public sealed class EncodeGradientTests
{
    private static readonly SearchSpace Space = Declare();

    [TestMethod]
    public void EncodeGradient_OnEveryScale_AgreesWithFiniteDifferences()
    {
        var random = new RandomSource(1);
        const double Step = 1e-6;
        for (var draw = 0; draw < 50; draw++)
        {
            var configuration = Space.Sample(random);
            var unit = new double[Space.Hyperparameters.Length];
            var derivatives = new double[unit.Length];
            Space.Encoding.Encode(configuration, unit, []);
            var gradient = Gradient(configuration).Gradient;
            Assert.AreEqual(gradient.Count, Space.Encoding.EncodeGradient(configuration, gradient, derivatives));
            for (var j = 0; j < unit.Length; j++)
            {
                if (double.IsNaN(derivatives[j])) continue;
                double[] above = [.. unit], below = [.. unit];
                (above[j], below[j]) = (Math.Min(unit[j] + Step, 1), Math.Max(unit[j] - Step, 0));
                var slope = (Loss(Space.Encoding.Decode(above)) - Loss(Space.Encoding.Decode(below))) / (above[j] - below[j]);
                Assert.AreEqual(slope, derivatives[j], 1e-5 * (1 + Math.Abs(slope)), Space.Hyperparameters[j].Name);
            }
        }
    }

    [TestMethod]
    public void EncodeGradient_WithSteps_IsThatOfTheContinuumOfTheSteps()
    {
        var builder = new SearchSpaceBuilder();
        builder.AddReal("x", 1, 3, step: 0.5);
        var space = builder.Build();
        double[] unit = new double[1];
        space.Encoding.EncodeGradient(space.Default, new TrialValues(0).WithGradient("x", 2).Gradient, unit);
        var (low, high) = (space.Encoding.Dimensions[0].UnitOfLevel(0), space.Encoding.Dimensions[0].UnitOfLevel(4));
        Assert.AreEqual(2 * (3 - 1) / (high - low), unit[0], 1e-12);
    }

    [TestMethod]
    public void EncodeGradient_WhereThereIsNone_IsNotANumber()
    {
        var inactive = Space.Configure(set => set.Set("kind", "plain"));
        var units = new double[Space.Hyperparameters.Length];
        Assert.AreEqual(1, Space.Encoding.EncodeGradient(inactive, new TrialValues(0).WithGradient("linear", 1).WithGradient("share", 1).Gradient, units));
        Assert.AreEqual(12, units[0]);
        Assert.AreEqual(4, units.Count(double.IsNaN));
    }

    private static TrialValues Gradient(Configuration at)
    {
        double Real(string name) => (double)at.Values.First(value => value.Hyperparameter.Name == name).Value;
        var values = new TrialValues(Loss(at)).WithGradient("linear", 2 * Real("linear")).WithGradient("log", 1 / Real("log")).WithGradient("wide", 1e-300);
        return at.IsActive(Space.Hyperparameters[4]) ? values.WithGradient("share", 3) : values;
    }

    private static double Loss(Configuration at)
    {
        var loss = 0.0;
        foreach (var (hyperparameter, value) in at.Values)
        {
            loss += hyperparameter.Name switch
            {
                "linear" => (double)value * (double)value,
                "log" => Math.Log((double)value),
                "wide" => 1e-300 * (double)value,
                "share" => 3 * (double)value,
                _ => 0,
            };
        }

        return loss;
    }

    private static SearchSpace Declare()
    {
        var builder = new SearchSpaceBuilder();
        builder.AddReal("linear", -2, 10);
        builder.AddReal("log", 1e-6, 10, Scale.Log);
        builder.AddReal("wide", 0, 1e301);
        var kind = builder.AddCategorical("kind", ["plain", "shared"]);
        builder.AddReal("share", 0.25, 0.75, activeWhen: kind.Is("shared"));
        return builder.Build();
    }
}
