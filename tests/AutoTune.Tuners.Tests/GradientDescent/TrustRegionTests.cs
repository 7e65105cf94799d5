using AutoTune.Tuners.GradientDescent;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.Tests.GradientDescent;

[TestClass]
public sealed class TrustRegionTests
{
    [TestMethod]
    public void Change_AfterAsManyPairsAsDimensions_IsThatOfTheQuadratic()
    {
        const int D = 6;
        var random = new RandomSource(3);
        var a = Symmetric(D, random);
        var model = new CurvatureModel(D);
        for (var pair = 0; pair < D + 2; pair++) // the first goes into the multiple of the identity
        {
            var s = Vector(D, random);
            model.Learn(s, Times(a, s));
        }

        for (var draw = 0; draw < 20; draw++)
        {
            double[] g = Vector(D, random), s = Vector(D, random);
            var expected = VectorMath.Dot(g, s) + 0.5 * VectorMath.Dot(s, Times(a, s));
            Assert.AreEqual(expected, model.Change(g, s), 1e-6 * (1 + Math.Abs(expected)));
        }
    }

    [TestMethod]
    public void Learn_ADifferenceThatMayBeNoise_LearnsNothing()
    {
        var model = new CurvatureModel(2);
        double[] none = [0, 0], curved = [0.5, 0];
        model.Learn([1e-3, 0], [0.1, -0.1], noise: 0.1); // a curvature of 100, or noise
        Assert.AreEqual(0, model.Change(none, curved));
        model.Learn([0.5, 0], [1, 0.01], noise: 0.1);
        Assert.AreEqual(0.25, model.Change(none, curved), 0.01);
        model.Clear();
        Assert.AreEqual(0, model.Change(none, curved));
    }

    // With the box binding and not, the radius too. Of a convex model the step is the best of the region; of another at least a third as good as any seen.
    [TestMethod]
    public void Find_OnRandomModels_IsTheBestOfTheRegion()
    {
        const int D = 5;
        var random = new RandomSource(4);
        for (var draw = 0; draw < 200; draw++)
        {
            var b = Symmetric(D, random);
            if (draw % 3 > 0) b = Square(b, D);
            double[] g = Vector(D, random), low = new double[D], high = new double[D], step = new double[D];
            for (var i = 0; i < D; i++) (low[i], high[i]) = (-random.NextDouble(), draw % 2 == 0 ? random.NextDouble() : 0);
            var radius = 0.05 + random.NextDouble();
            new RegionStep(D).Find(g, b, low, high, radius, step);
            var length = Math.Sqrt(VectorMath.Dot(step, step));
            Assert.IsTrue(length <= radius * (1 + 1e-9), $"{length} is above {radius}");
            for (var i = 0; i < D; i++) Assert.IsTrue(step[i] >= low[i] && step[i] <= high[i]);
            var value = Value(g, b, step);
            Assert.IsLessThanOrEqualTo(0, value);
            for (var other = 0; other < 400; other++)
            {
                double[] point = [.. step];
                var reach = other % 2 == 0 ? 1e-3 : 1;
                for (var i = 0; i < D; i++) point[i] = Math.Clamp(point[i] + reach * radius * random.NextGaussian(), low[i], high[i]);
                var norm = Math.Sqrt(VectorMath.Dot(point, point));
                if (norm > radius) for (var i = 0; i < D; i++) point[i] *= radius / norm;
                Assert.IsGreaterThanOrEqualTo(draw % 3 > 0 ? value - 1e-9 : 3 * value, Value(g, b, point), $"draw {draw}");
            }
        }
    }

    private static double Value(double[] g, double[] b, double[] s) => VectorMath.Dot(g, s) + 0.5 * VectorMath.Dot(s, Times(b, s));

    private static double[] Vector(int d, RandomSource random) => [.. Enumerable.Range(0, d).Select(_ => random.NextGaussian())];

    private static double[] Times(double[] a, double[] s) => [.. Enumerable.Range(0, s.Length).Select(i => VectorMath.Dot(a.AsSpan(i * s.Length, s.Length), s))];

    private static double[] Square(double[] a, int d)
        => [.. Enumerable.Range(0, d * d).Select(k => VectorMath.Dot(a.AsSpan(k / d * d, d), a.AsSpan(k % d * d, d)) + (k / d == k % d ? 0.01 : 0))];

    private static double[] Symmetric(int d, RandomSource random)
    {
        var a = new double[d * d];
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j <= i; j++) a[i * d + j] = a[j * d + i] = random.NextGaussian();
        }

        return a;
    }
}
