using AutoTune.Tuners.PopulationTraining;

namespace AutoTune.Tuners.Tests.PopulationTraining;

[TestClass]
public sealed class PerturbationTests
{
    [TestMethod]
    public void Perturb_WithoutResampling_MovesEachKindAsItIs()
    {
        var builder = new SearchSpaceBuilder();
        var log = builder.AddReal("log", 1e-5, 1, Scale.Log);
        var linear = builder.AddReal("linear", 0, 1);
        var signed = builder.AddReal("signed", -10, 10);
        var steps = builder.AddReal("steps", 0, 1, step: 0.1);
        var whole = builder.AddInteger("whole", 1, 100);
        var wide = builder.AddInteger("wide", 16, 256, Scale.Log);
        var few = builder.AddInteger("few", 1, 3);
        var size = builder.AddOrdered("size", ["s", "m", "l", "xl"]);
        var kind = builder.AddCategorical("kind", ["a", "b", "c"]);
        var space = builder.Build();
        var source = space.Configure(set => set.Set(log, 0.01).Set(linear, 0.5).Set(signed, 0.0).Set(steps, 0.5).Set(whole, 50).Set(wide, 64).Set(few, 2).Set(size, "m").Set(kind, "b"));
        var seen = Enumerable.Range(0, 200).Select(i => new Perturbation(0, 1.2, 0.8).Perturb(space, source, new RandomSource(i))).ToList();
        void DemandBoth<T>(Hyperparameter<T> hyperparameter, params string[] expected)
            => Assert.AreSequenceEqual(expected, seen.Select(each => FormattableString.Invariant($"{each.Get(hyperparameter):G6}")).Distinct().Order(StringComparer.Ordinal), hyperparameter.Name);
        DemandBoth(log, "0.008", "0.012");
        DemandBoth(linear, "0.4", "0.6");
        DemandBoth(signed, "-0.4", "0.4"); // a fifth of a tenth of the range
        DemandBoth(steps, "0.4", "0.6");
        DemandBoth(whole, "40", "60");
        DemandBoth(wide, "51", "77");
        DemandBoth(few, "1", "3"); // at least one
        Assert.AreSequenceEqual(["l", "s"], seen.Select(each => each.Get(size)).Distinct().Order());
        Assert.AreSequenceEqual(["b"], seen.Select(each => each.Get(kind)).Distinct());
    }

    [TestMethod]
    public void Perturb_AtABound_StaysInTheRange()
    {
        var builder = new SearchSpaceBuilder();
        var rate = builder.AddReal("rate", 0.1, 1);
        var size = builder.AddOrdered("size", ["s", "l"]);
        var huge = builder.AddReal("huge", -1e308, 1e308);
        var space = builder.Build();
        var source = space.Configure(set => set.Set(rate, 1.0).Set(size, "l").Set(huge, 1e308));
        var seen = Enumerable.Range(0, 50).Select(i => new Perturbation(0, 1.2, 0.8).Perturb(space, source, new RandomSource(i))).ToList();
        Assert.AreSequenceEqual([0.8, 1], seen.Select(each => Math.Round(each.Get(rate), 12)).Distinct().Order());
        Assert.AreSequenceEqual(["l", "s"], seen.Select(each => each.Get(size)).Distinct().Order());
        Assert.IsTrue(seen.TrueForAll(each => double.IsFinite(each.Get(huge))));
    }

    [TestMethod]
    public void Perturb_AConditionalConstrainedSpace_GivesWholeConfigurationsOfIt()
    {
        var builder = new SearchSpaceBuilder();
        var optimizer = builder.AddCategorical("optimizer", ["sgd", "adam"]);
        var rate = builder.AddReal("rate", 1e-4, 1, Scale.Log);
        var momentum = builder.AddReal("momentum", 0, 0.99, activeWhen: optimizer.Is("sgd"));
        var beta = builder.AddReal("beta", 0.9, 0.999, activeWhen: optimizer.Is("adam"));
        builder.Require("rate is below 0.1 with adam", configuration => configuration.Get(optimizer) == "sgd" || configuration.Get(rate) < 0.1);
        var space = builder.Build();
        var configuration = space.Configure(set => set.Set(optimizer, "adam").Set(rate, 0.09).Set(beta, 0.95));
        var perturbation = new Perturbation(0.25, 1.2, 0.8);
        var kinds = new HashSet<string>();
        for (var i = 0; i < 500; i++)
        {
            configuration = perturbation.Perturb(space, configuration, new RandomSource(i));
            Assert.IsTrue(space.MeetsConstraints(configuration), configuration.ToString());
            Assert.AreEqual(configuration.Get(optimizer) == "sgd", configuration.IsActive(momentum));
            Assert.AreEqual(configuration.Get(optimizer) == "adam", configuration.IsActive(beta));
            kinds.Add(configuration.Get(optimizer));
        }

        Assert.HasCount(2, kinds);
    }

    [TestMethod]
    public void Perturb_WhereNothingElseIsAllowed_KeepsTheSource()
    {
        var builder = new SearchSpaceBuilder();
        var x = builder.AddReal("x", 0, 1);
        builder.Require("x is a half", configuration => configuration.Get(x) is > 0.4999 and < 0.5001);
        var source = builder.Build().Configure(set => set.Set(x, 0.5));
        Assert.AreSame(source, new Perturbation(0, 1.2, 0.8).Perturb(source.Space, source, new RandomSource(1)));
    }

    [TestMethod]
    public void Perturb_Resampling_DrawsFromTheWholeRange()
    {
        var builder = new SearchSpaceBuilder();
        var x = builder.AddReal("x", 0, 1);
        var source = builder.Build().Configure(set => set.Set(x, 0.5));
        var seen = Enumerable.Range(0, 2000).Select(i => new Perturbation(0.25, 1.2, 0.8).Perturb(source.Space, source, new RandomSource(i)).Get(x)).ToList();
        Assert.AreEqual(0.25, seen.Count(value => Math.Abs(value - 0.6) > 1e-9 && Math.Abs(value - 0.4) > 1e-9) / 2000.0, 0.03);
        Assert.IsLessThan(0.1, seen.Min());
        Assert.IsGreaterThan(0.9, seen.Max());
    }
}
