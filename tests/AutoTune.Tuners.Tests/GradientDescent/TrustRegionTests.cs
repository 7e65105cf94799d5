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
            model.Learn(s, Times(a, s), [1, 2, 3, 1, 2, 3]);
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
        model.Learn([1e-3, 0], [0.1, -0.1], [1, 1], noise: 0.1); // a curvature of 100, or noise
        Assert.AreEqual(0, model.Change(none, curved));
        model.Learn([0.5, 0], [1, 0.01], [1, 1], noise: 0.1);
        Assert.AreEqual(0.25, model.Change(none, curved), 0.01);
        model.Clear();
        Assert.AreEqual(0, model.Change(none, curved));
    }

    // The first pair tells one number; a coordinate thought to bend half as much has half of it.
    [TestMethod]
    public void Learn_TheFirstPair_GivesEachCoordinateItsShare()
    {
        var model = new CurvatureModel(2);
        model.Learn([0.5, 0], [2, 0], [1, 0.5]);
        Assert.AreEqual(4, 2 * model.Change([0, 0], [1, 0]), 1e-9);
        Assert.AreEqual(2, 2 * model.Change([0, 0], [0, 1]), 1e-9);
    }

    [TestMethod]
    public void MakeConvex_OfCurvatureOfBothSigns_KeepsWhatIsAboveZero()
    {
        const int D = 4;
        var random = new RandomSource(5);
        for (var draw = 0; draw < 20; draw++)
        {
            var (a, model) = (Symmetric(D, random), new CurvatureModel(D));
            double[] weights = [.. Enumerable.Range(0, D).Select(_ => 0.1 + random.NextDouble())], none = new double[D];
            for (var pair = 0; pair < D + 2; pair++)
            {
                var s = Vector(D, random);
                model.Learn(s, Times(a, s), weights);
            }

            double[] scaled = [.. a.Select((value, k) => value / (weights[k / D] * weights[k % D]))], vectors = new double[D * D];
            SymmetricEigen.Decompose(scaled, vectors, D);
            model.MakeConvex(weights);
            for (var k = 0; k < D; k++)
            {
                double[] along = [.. Enumerable.Range(0, D).Select(i => vectors[k * D + i] / weights[i])]; // an eigenvector, where a step is W s
                Assert.AreEqual(Math.Max(scaled[k * D + k], 0), 2 * model.Change(none, along), 1e-6);
            }

            double[] any = Vector(D, random), step = [.. any.Select((value, i) => value / weights[i])];
            var expected = Enumerable.Range(0, D).Sum(k => Math.Max(scaled[k * D + k], 0) * Math.Pow(VectorMath.Dot(vectors.AsSpan(k * D, D), any), 2) / 2);
            Assert.AreEqual(expected, model.Change(none, step), 1e-6, "between the eigenvectors");
        }
    }

    [TestMethod]
    public void Decompose_ASymmetricMatrix_GivesItsEigenvectors()
    {
        const int D = 7;
        var random = new RandomSource(6);
        var a = Symmetric(D, random);
        double[] values = [.. a], vectors = new double[D * D];
        SymmetricEigen.Decompose(values, vectors, D);
        for (var k = 0; k < D; k++)
        {
            var vector = vectors[(k * D)..((k + 1) * D)];
            var image = Times(a, vector);
            for (var i = 0; i < D; i++) Assert.AreEqual(values[k * D + k] * vector[i], image[i], 1e-12);
            Assert.AreEqual(1, VectorMath.Dot(vector, vector), 1e-12);
        }
    }

    // With the box binding and not, the radius too.
    [TestMethod]
    public void Find_OnConvexModels_IsTheBestOfTheRegion()
    {
        const int D = 5;
        var random = new RandomSource(4);
        for (var draw = 0; draw < 200; draw++)
        {
            var b = draw % 5 == 0 ? new double[D * D] : Square(Symmetric(D, random), D);
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
                Assert.IsGreaterThanOrEqualTo(value - 1e-9, Value(g, b, point), $"draw {draw}");
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
