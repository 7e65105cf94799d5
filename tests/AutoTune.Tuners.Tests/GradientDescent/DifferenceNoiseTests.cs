using System.Collections.Immutable;
using AutoTune.Tuners.GradientDescent;
using AutoTune.Tuners.Tests.GaussianProcess;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.GradientDescent;

[TestClass]
public sealed class DifferenceNoiseTests
{
    private const int D = 4;
    private static readonly ImmutableArray<int> Moving = [.. Enumerable.Range(0, D)];

    // Steps from 0.5 down to 0.0005 along a walk: noise shows in the short ones.
    [TestMethod]
    public void Add_TrialsWithNoise_FindsItsSize()
    {
        foreach (var seed in Enumerable.Range(0, 10))
        {
            var noise = Walk(seed, ofLoss: 0.05, ofSlope: 0.2);
            Assert.AreEqual(0.05, Math.Sqrt(noise.OfLoss) / noise.Scale, 0.03, $"seed {seed}");
            Assert.AreEqual(0.2, Math.Sqrt(noise.OfSlope) / noise.Scale, 0.1, $"seed {seed}");
        }
    }

    [TestMethod]
    public void Add_TrialsOfASmoothLoss_FindsNone()
    {
        foreach (var seed in Enumerable.Range(0, 10))
        {
            var noise = Walk(seed, ofLoss: 0, ofSlope: 0);
            Assert.IsLessThan(1e-5, Math.Sqrt(noise.OfLoss) / noise.Scale, $"seed {seed}");
            Assert.IsLessThan(1e-2, Math.Sqrt(noise.OfSlope) / noise.Scale, $"seed {seed}");
        }
    }

    [TestMethod]
    public void Add_TrialsThatAreFewOrTheSame_FindsNone()
    {
        var space = Fixtures.Cube(D);
        var noise = new DifferenceNoise(Moving);
        for (var number = 0; number < 5; number++) noise.Add(Point(space, number, [0.5, 0.5, 0.5, 0.5], _ => (number, [1, 2, 3, 4])));
        noise.Add(Point(space, 5, [0.1, 0.5, 0.5, 0.5], _ => (7, [1, 2, 3, 4])));
        noise.Add(Point(space, 6, [0.1, 0.6, 0.5, 0.5], _ => (-7, [1, 2, 3, 4])));
        Assert.AreEqual(0, noise.OfLoss);
        Assert.AreEqual(0, noise.OfSlope);
    }

    private static DifferenceNoise Walk(int seed, double ofLoss, double ofSlope)
    {
        var space = Fixtures.Cube(D);
        var random = new RandomSource(seed);
        var noise = new DifferenceNoise(Moving);
        double[] x = [.. Enumerable.Repeat(0.5, D)];
        for (var number = 0; number < 40; number++)
        {
            var reach = 0.5 * Math.Pow(10, -number / 13.0);
            x = [.. x.Select(v => Math.Clamp(v + reach * (random.NextDouble() - 0.5), 0, 1))];
            noise.Add(Point(space, number, x, v =>
            {
                var (loss, gradient) = (v.Sum(Math.Exp) + Math.Sin(3 * v[0] * v[1]), v.Select(Math.Exp).ToArray());
                gradient[0] += 3 * v[1] * Math.Cos(3 * v[0] * v[1]);
                gradient[1] += 3 * v[0] * Math.Cos(3 * v[0] * v[1]);
                return (loss + ofLoss * random.NextGaussian(), [.. gradient.Select(g => g + ofSlope * random.NextGaussian())]);
            }));
        }

        return noise;
    }

    private static GradientPoint Point(SearchSpace space, int number, double[] at, GradientFixtures.SmoothLoss loss)
        => GradientPoint.Of(GradientFixtures.Completed(number, space.Encoding.Decode(at), loss), space.Encoding, Moving);
}
