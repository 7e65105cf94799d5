using AutoTune.Tuners.ParticleSwarm;
using AutoTune.Tuners.Populations;
using AutoTune.Tuners.Tests.FrugalSearch;
using AutoTune.Tuners.Tests.GaussianProcess;

namespace AutoTune.Tuners.Tests.ParticleSwarm;

[TestClass]
public sealed class ParticleSwarmTests
{
    private static readonly SearchSpace Square = Fixtures.Cube(2);

    [TestMethod]
    public void Next_WithoutAttraction_KeepsItsVelocityTimesTheInertia()
    {
        var particle = Flying();
        // From (0.4, 0.4) to (0.5, 0.6), the best: nothing attracts but the velocity.
        var next = particle.Next(null, 0.5, 1, new RandomSource(1));
        Assert.AreEqual(0.55, next[0], 1e-12);
        Assert.AreEqual(0.7, next[1], 1e-12);
    }

    [TestMethod]
    public void Next_WithAnInformant_LiesBetweenOnAverageByHalfTheAttraction()
    {
        var particle = Flying();
        var informant = Point(0.1, 0.9, -5);
        var random = new RandomSource(1);
        var nexts = Enumerable.Range(0, 10_000).Select(_ => particle.Next(informant, 0, 1.2, random)).ToArray();
        Assert.AreEqual(0.5 + 0.6 * (0.1 - 0.5), nexts.Average(next => next[0]), 0.005);
        Assert.AreEqual(0.6 + 0.6 * (0.9 - 0.6), nexts.Average(next => next[1]), 0.005);
    }

    [TestMethod]
    public void Tell_OfAnEndOfTheRange_TurnsTheParticleBack()
    {
        var particle = Flying();
        particle.Tell(Point(1, 0.7, 3), new RandomSource(1));
        CollectionAssert.AreEqual(new[] { 1, 0.7 }, particle.Position);
        Assert.AreEqual(-0.25, particle.Velocity[0], 1e-12);
        Assert.AreEqual(0.1, particle.Velocity[1], 1e-12);
        Assert.AreEqual(1, particle.Best!.Standing.Loss); // the point before was better
    }

    [TestMethod]
    public void Tell_OfAFailure_LeavesTheParticleWhereItIsAndTurnsItBack()
    {
        var particle = Flying();
        particle.Tell(Point(0.9, 0.9, double.NaN), new RandomSource(1));
        CollectionAssert.AreEqual(new[] { 0.5, 0.6 }, particle.Position);
        Assert.AreEqual(-0.05, particle.Velocity[0], 1e-12);
    }

    [TestMethod]
    public void Next_OfAnIntegerWithASlowVelocity_MovesSomeOfTheTime()
    {
        var builder = new SearchSpaceBuilder();
        builder.AddInteger("n", 0, 3);
        var space = builder.Build();
        var particle = new Particle(space);
        foreach (var (n, loss) in new[] { (1, 2.0), (2, 1.0) })
            particle.Tell(Individual.Of(space.Configure(set => set.Set("n", n)), new Standing(0, loss), new TrialId(n), space), new RandomSource(1));
        var random = new RandomSource(1);
        var moved = Enumerable.Range(0, 1000).Count(_ => particle.Next(null, 0.3, 1, random)[0] > particle.Position![0]);
        Assert.AreEqual(300, moved, 60); // three tenths of a bin
    }

    [TestMethod]
    public void Tell_AfterTenRoundsWithoutProgress_ScattersAllButTheBest()
    {
        var tuner = new ParticleSwarmTuner(Square, new() { Particles = 5 }, new RandomSource(1));
        tuner.DriveTagged(_ => 3, 5);
        Assert.IsTrue(tuner.Particles.All(particle => particle.Position is not null));
        for (var number = 5; number < 55; number++) tuner.Tell(tuner.AskTrial(number).Ended(4));
        Assert.AreEqual(1, tuner.Particles.Count(particle => particle.Position is not null));
        Assert.AreEqual(3, tuner.Particles.Single(particle => particle.Best is not null).Best!.Standing.Loss);
    }

    [TestMethod]
    public void UseParticleSwarm_OptionsOutOfTheirRanges_AreSaidAtOnce()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new StudyBuilder("s").UseParticleSwarm(new() { Particles = 1, Inertia = 1 }));
        StringAssert.StartsWith(error.Message, "ParticleSwarmOptions.Particles is 1; it must be at least 2, or null for the rule. ParticleSwarmOptions.Inertia is 1; it must be from 0 to below 1.");
    }

    private static Particle Flying()
    {
        var particle = new Particle(Square);
        particle.Tell(Point(0.4, 0.4, 2), new RandomSource(1));
        particle.Tell(Point(0.5, 0.6, 1), new RandomSource(1));
        return particle;
    }

    private static Individual Point(double x, double y, double loss)
        => Individual.Of(Square.Configure(set => set.Set("x0", x).Set("x1", y)), new Standing(0, loss), new TrialId(0), Square);
}
