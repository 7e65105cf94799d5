using AutoTune.Tuning;

namespace AutoTune.Kernel.Tests.Tuning;

[TestClass]
public sealed class SobolSequenceTests
{
    [TestMethod]
    public void Unscrambled_ThreeDimensions_AreThePublishedPoints()
    {
        // The first ten points that Joe and Kuo's program prints for new-joe-kuo-6.21201; theirs go by the Gray code.
        double[][] published =
        [
            [0, 0, 0], [0.5, 0.5, 0.5], [0.75, 0.25, 0.25], [0.25, 0.75, 0.75], [0.375, 0.375, 0.625],
            [0.875, 0.875, 0.125], [0.625, 0.125, 0.875], [0.125, 0.625, 0.375], [0.1875, 0.3125, 0.9375], [0.6875, 0.8125, 0.4375],
        ];
        var sequence = new SobolSequence(3, new RandomSource(1));
        for (var i = 0u; i < published.Length; i++)
        {
            for (var d = 0; d < 3; d++) Assert.AreEqual(published[i][d], Math.ScaleB(sequence.Unscrambled(i ^ (i >> 1), d), -32), $"point {i}, dimension {d}");
        }
    }

    [TestMethod]
    public void Point_AnyOf40Dimensions_IsPerfectlyStratified()
    {
        const int Dimensions = 40;
        var sequence = new SobolSequence(Dimensions, new RandomSource(3));
        var point = new double[Dimensions];
        foreach (var from in new[] { 0, 4096, 3 * 4096 }) // any aligned stretch of 2^k points, not the first only
        {
            var points = Enumerable.Range(from, 4096).Select(i => { sequence.Point(i, point); return (double[])point.Clone(); }).ToArray();
            for (var k = 0; k <= 12; k++)
            {
                for (var d = 0; d < Dimensions; d++)
                {
                    var strata = new bool[1 << k];
                    for (var i = 0; i < 1 << k; i++) strata[(int)(points[i][d] * (1 << k))] = true;
                    Assert.IsTrue(strata.All(hit => hit), $"2^{k} points from {from}, dimension {d}");
                }
            }
        }
    }

    [TestMethod]
    public void Point_FirstTwoDimensions_AreADigitalNetOfQualityZero()
    {
        // Every elementary interval 2^-a x 2^-b with a + b = m holds exactly one of the first 2^m points.
        foreach (var seed in new[] { 1, 2, 3 })
        {
            var sequence = new SobolSequence(2, new RandomSource(seed));
            var point = new double[2];
            for (var m = 0; m <= 10; m++)
            {
                for (var a = 0; a <= m; a++)
                {
                    var hits = new int[1 << m];
                    for (var i = 0; i < 1 << m; i++)
                    {
                        sequence.Point(i, point);
                        hits[(int)(point[0] * (1 << a)) << (m - a) | (int)(point[1] * (1 << (m - a)))]++;
                    }

                    Assert.IsTrue(hits.All(count => count == 1), $"seed {seed}, 2^{a} x 2^{m - a}");
                }
            }
        }
    }

    [TestMethod]
    [DataRow(1, "1 1 1 1")] // van der Corput
    [DataRow(2, "1")]
    [DataRow(3, "1 3")]
    [DataRow(7, "1 3 5 13")]
    [DataRow(10, "1 1 7 11 19")]
    [DataRow(14, "1 3 3 9 7 49")]
    [DataRow(19, "1 1 5 5 19 61")]
    [DataRow(21, "1 3 7 13 13 15 69")]
    public void Unscrambled_PowersOfTwo_AreThePublishedInitialNumbers(int dimension, string numbers)
    {
        // Rows of new-joe-kuo-6.21201: point 2^i of a dimension is its direction number m_(i+1) / 2^(i+1).
        var sequence = new SobolSequence(dimension, new RandomSource(1));
        var expected = numbers.Split(' ').Select(uint.Parse).ToArray();
        for (var i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], sequence.Unscrambled(1u << i, dimension - 1) >> (31 - i));
    }

    [TestMethod]
    [DataRow(2, 5.0)]
    [DataRow(5, 2.5)]
    [DataRow(10, 1.5)]
    public void Point_Discrepancy_IsClearlyBelowThatOfRandomPoints(int dimensions, double factor)
    {
        const int Count = 512;
        double sobol = 0, random = 0;
        for (var seed = 0; seed < 4; seed++)
        {
            var sequence = new SobolSequence(dimensions, new RandomSource(seed));
            var source = new RandomSource(seed).Fork("uniform");
            var (quasi, uniform) = (new double[Count][], new double[Count][]);
            for (var i = 0; i < Count; i++)
            {
                sequence.Point(i, quasi[i] = new double[dimensions]);
                uniform[i] = [.. Enumerable.Range(0, dimensions).Select(_ => source.NextDouble())];
            }

            sobol += CentredDiscrepancy(quasi);
            random += CentredDiscrepancy(uniform);
        }

        Assert.IsGreaterThan(factor, random / sobol);
    }

    [TestMethod]
    public void Point_AnIntegral_IsFoundManyTimesMoreExactlyThanByChance()
    {
        // The mean of prod (1 + (x_d - 1/2)) over the cube is 1.
        const int Dimensions = 6;
        const int Count = 4096;
        double quasiSquares = 0, randomSquares = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            var sequence = new SobolSequence(Dimensions, new RandomSource(seed));
            var random = new RandomSource(seed).Fork("uniform");
            double quasi = 0, uniform = 0;
            var point = new double[Dimensions];
            for (var i = 0; i < Count; i++)
            {
                sequence.Point(i, point);
                quasi += point.Aggregate(1.0, (product, x) => product * (0.5 + x)) / Count;
                for (var d = 0; d < Dimensions; d++) point[d] = random.NextDouble();
                uniform += point.Aggregate(1.0, (product, x) => product * (0.5 + x)) / Count;
            }

            quasiSquares += (quasi - 1) * (quasi - 1);
            randomSquares += (uniform - 1) * (uniform - 1);
        }

        Assert.IsGreaterThan(20.0, Math.Sqrt(randomSquares / quasiSquares));
    }

    [TestMethod]
    public void Point_TheSameSeed_GivesTheSamePointsAndAnotherSeedOthers()
    {
        double[] Point(int seed, long index)
        {
            var point = new double[25];
            new SobolSequence(25, new RandomSource(seed)).Point(index, point);
            return point;
        }

        foreach (var index in new[] { 0L, 1, 17, 1_000_003, uint.MaxValue })
        {
            Assert.AreSequenceEqual(Point(1, index), Point(1, index));
            for (var d = 0; d < 25; d++) Assert.AreNotEqual(Point(1, index)[d], Point(2, index)[d]);
        }
    }

    [TestMethod]
    public void Point_AWiderSequence_BeginsWithTheSameDimensions()
    {
        var (narrow, wide) = (new double[5], new double[60]);
        new SobolSequence(5, new RandomSource(1)).Point(77, narrow);
        new SobolSequence(60, new RandomSource(1)).Point(77, wide);
        Assert.AreSequenceEqual(narrow, wide.Take(5));
    }

    [TestMethod]
    public void Point_Seed1_GivesTheseNumbersForEver()
    {
        // Golden: a journal of an earlier version must replay; the last dimension lies beyond the table.
        var point = new double[30];
        new SobolSequence(30, new RandomSource(1)).Point(12345, point);
        Assert.AreEqual(
            "0.7966852417448536 0.05566239764448255 0.5203686699969694 0.7932543401839212",
            $"{point[0]:R} {point[1]:R} {point[20]:R} {point[29]:R}");
    }

    [TestMethod]
    public void Point_WrongArguments_AreRefused()
    {
        var sequence = new SobolSequence(2, new RandomSource(1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SobolSequence(0, new RandomSource(1)));
        Assert.ThrowsExactly<ArgumentNullException>(() => new SobolSequence(1, null!));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => sequence.Point(-1, new double[2]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => sequence.Point(1L << 32, new double[2]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => sequence.Point(0, new double[3]));
    }

    /// <summary>Hickernell 1998, equation 3.7: the centred L2 discrepancy.</summary>
    private static double CentredDiscrepancy(double[][] points)
    {
        double n = points.Length;
        var single = points.Sum(x => x.Aggregate(1.0, (product, v) => product * (1 + Math.Abs(v - 0.5) / 2 - (v - 0.5) * (v - 0.5) / 2)));
        var pairs = 0.0;
        foreach (var x in points)
        {
            foreach (var y in points)
            {
                var product = 1.0;
                for (var d = 0; d < x.Length; d++) product *= 1 + Math.Abs(x[d] - 0.5) / 2 + Math.Abs(y[d] - 0.5) / 2 - Math.Abs(x[d] - y[d]) / 2;
                pairs += product;
            }
        }

        return Math.Sqrt(Math.Pow(13 / 12.0, points[0].Length) - 2 / n * single + pairs / (n * n));
    }
}
