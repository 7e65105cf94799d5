using AutoTune.Tuners.Genetic;
using AutoTune.Tuners.Populations;
using AutoTune.Tuners.Tests.FrugalSearch;
using AutoTune.Tuners.Tests.GaussianProcess;

namespace AutoTune.Tuners.Tests.Genetic;

[TestClass]
public sealed class GeneticTests
{
    private static readonly SearchSpace Space = Fixtures.MixedSpace();

    [TestMethod]
    public void Cross_OfNumbers_KeepsTheMeanOfTheParentsAndComesNearerThemWithEta()
    {
        var space = Fixtures.Cube(1);
        var (a, b) = (Of(space, 0.45), Of(space, 0.55));
        double[] far = Children(2), near = Children(50);
        Assert.AreEqual(0.5, far.Average(), 0.005);
        Assert.AreEqual(0.5, near.Average(), 0.005);
        Assert.IsLessThan(FromParents(far) / 4, FromParents(near));
        Assert.IsTrue(far.Any(x => x < 0.4) && far.Any(x => x is > 0.47 and < 0.53), "within and beyond the parents");

        double[] Children(double eta)
        {
            var random = new RandomSource(1);
            return [.. Enumerable.Range(0, 4000).Select(_ => Variation.Cross(space, a, b, eta, random)[0])];
        }

        static double FromParents(double[] children) => children.Average(x => Math.Min(Math.Abs(x - 0.45), Math.Abs(x - 0.55)));
    }

    [TestMethod]
    public void Cross_OfTwoBranches_TakesEachFromTheParentThatHasIt()
    {
        var svm = Individual.Of(Space.Configure(set => set.Set("trainer", "svm").Set("kernel", "poly").Set("degree", 4)), Standing.None, new TrialId(0), Space);
        var forest = Individual.Of(Space.Configure(set => set.Set("trainer", "forest").Set("depth", 17)), Standing.None, new TrialId(1), Space);
        var random = new RandomSource(1);
        int svms = 0, forests = 0;
        for (var i = 0; i < 200; i++)
        {
            var text = Space.Encoding.Decode(Variation.Cross(Space, svm, forest, 2, random)).ToString();
            if (text.Contains("kernel=poly, degree=4", StringComparison.Ordinal)) svms++;
            if (text.Contains("depth=17", StringComparison.Ordinal)) forests++;
        }

        Assert.AreEqual(200, svms + forests);
        Assert.AreEqual(100, svms, 30);
    }

    [TestMethod]
    public void Mutate_AtRateOne_ChangesEachChoiceAndStaysInTheCube()
    {
        var random = new RandomSource(2);
        for (var i = 0; i < 300; i++)
        {
            var parent = Individual.Of(Space.Sample(random), Standing.None, new TrialId(0), Space);
            var child = (double[])parent.Unit.Clone();
            Assert.AreEqual(0, Variation.Mutate(Space, child, 0, 20, random));
            CollectionAssert.AreEqual(parent.Unit, child);
            Assert.AreEqual(9, Variation.Mutate(Space, child, 1, 20, random)); // one hyperparameter has one value
            Assert.AreNotEqual(parent.Unit[3], child[3]);
            Assert.IsTrue(Array.TrueForAll(child, unit => unit is >= 0 and <= 1));
        }
    }

    [TestMethod]
    public void Mutate_OfNumbers_MovesThemByAboutOneInEtaAndTwo()
    {
        foreach (var eta in new[] { 5.0, 20 })
        {
            var random = new RandomSource(3);
            var mean = Enumerable.Range(0, 20_000).Average(_ =>
            {
                double[] unit = [0.5];
                Variation.Mutate(Fixtures.Cube(1), unit, 1, eta, random);
                return Math.Abs(unit[0] - 0.5);
            });
            Assert.AreEqual(1 / (eta + 2), mean, 0.05 / (eta + 2));
        }
    }

    [TestMethod]
    [DataRow(GeneticReplacement.Worst, "0 1 2")]
    [DataRow(GeneticReplacement.Oldest, "5 6 7")]
    public void Tell_OfAFullPopulation_LetsTheWorstOrTheOldestGo(GeneticReplacement replacement, string kept)
    {
        var tuner = new GeneticTuner(Fixtures.Cube(1), new() { PopulationSize = 3, Replacement = replacement }, new RandomSource(1));
        for (var number = 0; number < 8; number++) tuner.Tell(tuner.AskTrial(number).Ended(number));
        Assert.AreEqual(kept, string.Join(' ', tuner.Population.Select(point => point.Trial.Number)));
    }

    [TestMethod]
    public void UseGenetic_OptionsOutOfTheirRanges_AreSaidAtOnce()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new StudyBuilder("s").UseGenetic(new() { TournamentSize = 0, MutationRate = 1.5 }));
        StringAssert.StartsWith(error.Message, "GeneticOptions.TournamentSize is 0; it must be at least 1. GeneticOptions.MutationRate is 1.5; it must be from 0 to 1, or null for the rule.");
    }

    private static Individual Of(SearchSpace space, double x) => Individual.Of(space.Configure(set => set.Set("x0", x)), Standing.None, new TrialId(0), space);
}
