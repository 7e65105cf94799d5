using AutoTune.Tuners.DifferentialEvolution;
using AutoTune.Tuners.Populations;
using AutoTune.Tuners.Tests.FrugalSearch;
using AutoTune.Tuners.Tests.GaussianProcess;

namespace AutoTune.Tuners.Tests.DifferentialEvolution;

[TestClass]
public sealed class DifferentialEvolutionTests
{
    private static readonly SearchSpace Space = Fixtures.MixedSpace();

    [TestMethod]
    public void CurrentToBest_OfNumbers_IsThePapersEquation()
    {
        var mutant = DifferentialStep.CurrentToBest(Fixtures.Cube(2), Point(0.2, 0.9), Point(0.4, 0.5), Point(0.6, 1), Point(0.5, 0.1), 0.5, new RandomSource(1));
        Assert.AreEqual(0.2 + 0.5 * (0.4 - 0.2) + 0.5 * (0.6 - 0.5), mutant[0], 1e-15);
        Assert.AreEqual(1, mutant[1]); // 0.9 - 0.2 + 0.45: on the end
    }

    [TestMethod]
    public void Rand1_OfNumbers_IsThePapersEquation()
    {
        var mutant = DifferentialStep.Rand1(Fixtures.Cube(2), Point(0.2, 0.1), Point(0.4, 0.2), Point(0.6, 0.9), 0.5, new RandomSource(1));
        Assert.AreEqual(0.1, mutant[0], 1e-15);
        Assert.AreEqual(0, mutant[1]);
    }

    [TestMethod]
    public void Mutants_OfAMixedSpace_HaveChoicesOfTheirParentsAndBranchesThatExist()
    {
        var random = new RandomSource(7);
        for (var i = 0; i < 500; i++)
        {
            var parents = Enumerable.Range(0, 4).Select(_ => Individual.Of(Space.Sample(random), Standing.None, new TrialId(0), Space)).ToArray();
            var mutant = i % 2 == 0
                ? DifferentialStep.CurrentToBest(Space, parents[0], parents[1], parents[2], parents[3], 0.7, random)
                : DifferentialStep.Rand1(Space, parents[0], parents[1], parents[2], 0.7, random);
            Assert.IsTrue(parents.Any(parent => parent.Unit[3] == mutant[3]), "the trainer is nobody's");
            Assert.IsTrue(Array.TrueForAll(mutant, unit => unit is >= 0 and <= 1));
        }
    }

    // Halved differences of two bins end between them: without chance always on the upper side.
    [TestMethod]
    public void Rand1_OfABooleanOrder_TakesEitherSideAlike()
    {
        var builder = new SearchSpaceBuilder();
        builder.AddOrdered<int>("size", [1, 2]);
        var space = builder.Build();
        var (low, high) = (Of(1), Of(2));
        var random = new RandomSource(3);
        var ups = Enumerable.Range(0, 2000).Count(_ => DifferentialStep.Rand1(space, low, high, low, 0.5, random)[0] == high.Unit[0]);
        Assert.AreEqual(1000, ups, 100);

        Individual Of(int size) => Individual.Of(space.Configure(set => set.Set("size", size)), Standing.None, new TrialId(0), space);
    }

    [TestMethod]
    public void Cross_AtRateZero_TakesOneCoordinateOfTheMutant()
    {
        var target = Point(0.1, 0.2);
        for (var seed = 0; seed < 20; seed++)
        {
            double[] mutant = [0.8, 0.9];
            DifferentialStep.Cross(target, mutant, 0, new RandomSource(seed));
            Assert.AreEqual(1, mutant.Count(unit => unit > 0.5));
        }
    }

    [TestMethod]
    public void EndRound_AfterSuccesses_RemembersTheLehmerMeanOfTheirWeights()
    {
        var settings = new StepSettings(1);
        settings.Succeed(0.2, 0.1);
        settings.Succeed(0.8, 0.5);
        settings.EndRound();
        Assert.AreEqual((0.04 + 0.64) / 1.0, settings.MeanWeight, 1e-15);
        settings.EndRound(); // no successes: nothing is learnt
        Assert.AreEqual(0.68, settings.MeanWeight, 1e-15);
        var random = new RandomSource(1);
        for (var i = 0; i < 1000; i++)
        {
            var (weight, rate) = settings.Draw(random);
            Assert.IsTrue(weight is > 0 and <= 1 && rate is >= 0 and <= 1);
        }
    }

    [TestMethod]
    public void Tell_OfAFullPopulation_KeepsTheBetterOfTheTwoAndBoundsTheArchive()
    {
        var population = new Population(4, 0.5);
        var random = new RandomSource(1);
        for (var i = 0; i < 4; i++) population.Tell(null, Point(0.1 * i, 0, 10 + i), random);
        Assert.IsFalse(population.Tell(population[0].Place, Point(0.5, 0, 11), random)); // worse than its target, though better than others
        Assert.IsTrue(population.Tell(population[2].Place, Point(0.5, 0, 5), random));
        Assert.IsTrue(population.Tell(null, Point(0.6, 0, 6), random)); // nobody's: instead of the worst, 13
        for (var i = 0; i < 10; i++) population.Tell(population[1].Place, Point(0.7, 0, 4 - i), random);
        Assert.HasCount(2, population.Archive);
        CollectionAssert.AreEqual(new[] { -5.0, 5, 6, 10 }, population.Best(9).Select(point => point.Standing.Loss).ToArray());
        population.Shrink(3, random);
        CollectionAssert.AreEqual(new[] { -5.0, 5, 6 }, population.Best(9).Select(point => point.Standing.Loss).ToArray());
    }

    [TestMethod]
    public void Tell_ToTheStudysLastTrial_ShrinksThePopulationToFour()
    {
        var tuner = new DifferentialEvolutionTuner(Fixtures.Cube(3), new() { PopulationSize = 12 }, new RandomSource(1), 120);
        tuner.DriveTagged(configuration => Fixtures.Reals(configuration).Sum(), 60);
        Assert.IsTrue(tuner.Population.Count is > 6 and < 10, $"{tuner.Population.Count}");
        var kept = new DifferentialEvolutionTuner(Fixtures.Cube(3), new() { PopulationSize = 12, Shrinks = false }, new RandomSource(1), 120);
        kept.DriveTagged(configuration => Fixtures.Reals(configuration).Sum(), 120);
        Assert.AreEqual(12, kept.Population.Count);
    }

    [TestMethod]
    public void UseDifferentialEvolution_OptionsOutOfTheirRanges_AreSaidAtOnce()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new StudyBuilder("s").UseDifferentialEvolution(new() { PopulationSize = 3, BestShare = 0 }));
        StringAssert.StartsWith(error.Message, "DifferentialEvolutionOptions.PopulationSize is 3; it must be at least 4, or null for the rule. DifferentialEvolutionOptions.BestShare is 0; it must be above 0 and at most 1.");
    }

    private static Individual Point(double x, double y, double loss = 0)
    {
        var space = Fixtures.Cube(2);
        return Individual.Of(space.Configure(set => set.Set("x0", x).Set("x1", y)), new Standing(0, loss), new TrialId(0), space);
    }
}
