using AutoTune.Tuners.Tpe;

namespace AutoTune.Tuners.Tests.Tpe;

[TestClass]
public sealed class KernelMixtureTests
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(6)]
    [DataRow(15)]
    public void LogDensity_OfAReal_IntegratesToOne(int step)
    {
        const int Points = 20_000;
        var builder = new SearchSpaceBuilder();
        builder.AddReal("x", 0, 1);
        var mixture = Mixture(builder.Build(), step, 9);
        var sum = 0.0;
        for (var i = 0; i < Points; i++) sum += Math.Exp(mixture.LogDensity([(i + 0.5) / Points], [1, 4]));
        Assert.AreEqual(1, sum / Points, 1e-6);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(6)]
    [DataRow(15)]
    public void LogDensity_OfFiniteHyperparameters_SumsToOne(int step)
    {
        var builder = new SearchSpaceBuilder();
        builder.AddInteger("log", 1, 40, Scale.Log);
        builder.AddOrdered<int>("ordered", [1, 2, 4]);
        builder.AddCategorical<string>("choice", ["a", "b", "c", "d"]);
        var space = builder.Build();
        var dimensions = space.Encoding.Dimensions;
        var mixture = Mixture(space, step, 9);
        var sum = 0.0;
        for (var a = 0; a < 40; a++)
        {
            for (var b = 0; b < 3; b++)
            {
                for (var c = 0; c < 4; c++)
                    sum += Math.Exp(mixture.LogDensity([dimensions[0].UnitOfLevel(a), dimensions[1].UnitOfLevel(b), dimensions[2].UnitOfLevel(c)], [0]));
            }
        }

        Assert.AreEqual(1, sum, 1e-9);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(6)]
    [DataRow(9)]
    public void LogDensities_OfSeveralPoints_AreThoseOfEachAlone(int kernels)
    {
        var builder = new SearchSpaceBuilder();
        builder.AddReal("x", 0, 1);
        builder.AddCategorical<string>("choice", ["a", "b"]);
        builder.AddReal("y", 0, 1);
        var mixture = Mixture(builder.Build(), 5, kernels);
        double[] points = [0, 0.25, 0.4, 0.9, 0.75, 1, 0.3, 0.25, 0.3, 0.31, 0.75, 0.2, 1, 0.75, 0, 0.6, 0.25, 0.1];
        var logs = new double[6];
        mixture.LogDensities(points, [0], logs);
        for (var i = 0; i < logs.Length; i++) Assert.AreEqual(mixture.LogDensity(points[(3 * i)..(3 * i + 3)], [0]), logs[i]);
    }

    [TestMethod]
    public void SetWidths_AfterKernelsWereAdded_GivesWhatAddingAfterwardsGives()
    {
        var builder = new SearchSpaceBuilder();
        builder.AddReal("x", 0, 1);
        var space = builder.Build();
        var (early, late) = (Mixture(space, 3, 9), Mixture(space, 8, 9));
        early.SetWidths([8]);
        Assert.AreEqual(late.LogDensity([0.3], []), early.LogDensity([0.3], []), 1e-12);
    }

    [TestMethod]
    public void LogDensity_FarFromEveryKernel_IsThePriors()
    {
        var builder = new SearchSpaceBuilder();
        builder.AddReal("x", 0, 1);
        var mixture = new KernelMixture(TpeFixtures.Dimensions(builder.Build()));
        mixture.SetWidths([25]);
        for (var i = 0; i < 3; i++) mixture.Add([0]);
        Assert.AreEqual(Math.Log(1.0 / 4), mixture.LogDensity([1], []), 1e-12);
    }

    private static KernelMixture Mixture(SearchSpace space, int step, int kernels)
    {
        var random = new RandomSource(3);
        var dimensions = TpeFixtures.Dimensions(space);
        var mixture = new KernelMixture(dimensions);
        var steps = new int[dimensions.Length];
        Array.Fill(steps, step);
        mixture.SetWidths(steps);
        var unit = new double[dimensions.Length];
        for (var i = 0; i < kernels; i++)
        {
            for (var j = 0; j < unit.Length; j++) unit[j] = dimensions[j].Snap(random.NextDouble());
            mixture.Add(unit);
        }

        return mixture;
    }
}
