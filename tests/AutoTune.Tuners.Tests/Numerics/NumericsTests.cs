using AutoTune.Spaces;
using AutoTune.Tuners.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace AutoTune.Tuners.Tests.Numerics;

[TestClass]
public sealed class NumericsTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(63)]
    [DataRow(64)]
    [DataRow(65)]
    [DataRow(130)]
    [DataRow(203)]
    public void Factor_OfARandomMatrix_EqualsMathNet(int n)
    {
        var a = Positive(n);
        var expected = a.Cholesky().Factor;
        var l = RowMajor(a);
        Assert.IsTrue(Cholesky.TryFactor(l, n, n));
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++) Assert.AreEqual(expected[i, j], l[i * n + j], 1e-10 * expected[i, i]);
        }

        var b = Enumerable.Range(0, n).Select(i => Math.Sin(i)).ToArray();
        var x = (double[])b.Clone();
        Cholesky.Forward(l, n, n, x);
        Cholesky.Backward(l, n, n, x);
        var residual = a * Vector<double>.Build.Dense(x) - Vector<double>.Build.Dense(b);
        Assert.IsTrue(residual.L2Norm() < 1e-9, $"residual {residual.L2Norm()}");

        double[] m = new double[n * n];
        Cholesky.InverseTransposed(l, n, n, m);
        var upper = Matrix<double>.Build.Dense(n, n, (i, j) => m[i * n + j]);
        Assert.IsTrue((upper * upper.Transpose() - a.Inverse()).L2Norm() < 1e-9);
    }

    [TestMethod]
    public void Factor_OfAnIndefiniteMatrix_SaysSo() => Assert.IsFalse(Cholesky.TryFactor(new double[] { 1, 0, 2, 1 }, 2, 2));

    [TestMethod]
    public void ExpOfNegative_FourLanes_EqualsPortableMathToTheBit()
    {
        var random = new RandomSource(2);
        for (var i = 0; i < 20_000; i++)
        {
            var x = -Math.Pow(10, 7 * random.NextDouble() - 4);
            var lanes = VectorMath.ExpOfNegative(System.Runtime.Intrinsics.Vector256.Create(x));
            Assert.AreEqual(PortableMath.Exp(Math.Max(x, -700)), lanes[3]);
        }

        Assert.AreEqual(1.0, VectorMath.ExpOfNegative(default(System.Runtime.Intrinsics.Vector256<double>))[0]);
    }

    [TestMethod]
    public void Minimize_RosenbrockInABox_FindsTheMinimumInsideAndOnTheEdge()
    {
        static double Rosenbrock(ReadOnlySpan<double> x, Span<double> g)
        {
            g[0] = -400 * x[0] * (x[1] - x[0] * x[0]) - 2 * (1 - x[0]);
            g[1] = 200 * (x[1] - x[0] * x[0]);
            return 100 * Math.Pow(x[1] - x[0] * x[0], 2) + Math.Pow(1 - x[0], 2);
        }

        double[] x = [-1.2, 1];
        new BoxMinimizer(2).Minimize(Rosenbrock, x, [-2, -2], [2, 2], 200, 1e-8);
        Assert.AreEqual(1, x[0], 1e-5);
        Assert.AreEqual(1, x[1], 1e-5);

        // With x0 at most 0.5 the minimum is at (0.5, 0.25).
        x = [-1.2, 1];
        new BoxMinimizer(2).Minimize(Rosenbrock, x, [-2, -2], [0.5, 2], 200, 1e-8);
        Assert.AreEqual(0.5, x[0]);
        Assert.AreEqual(0.25, x[1], 1e-6);
    }

    [TestMethod]
    public void Minimize_WhereTheValueIsNotFinite_StepsBack()
    {
        static double Barrier(ReadOnlySpan<double> x, Span<double> g)
        {
            g[0] = 1 - 1e-3 / x[0];
            return x[0] <= 0.0005 ? double.NaN : x[0] - 1e-3 * Math.Log(x[0]);
        }

        double[] x = [5];
        new BoxMinimizer(1).Minimize(Barrier, x, [-10], [10], 100, 1e-7);
        Assert.AreEqual(1e-3, x[0], 1e-6);
    }

    private static Matrix<double> Positive(int n)
    {
        var random = new RandomSource(n);
        var root = Matrix<double>.Build.Dense(n, n, (_, _) => random.NextGaussian());
        return root * root.Transpose() + Matrix<double>.Build.DenseIdentity(n) * n;
    }

    private static double[] RowMajor(Matrix<double> a) => a.ToRowMajorArray();
}
