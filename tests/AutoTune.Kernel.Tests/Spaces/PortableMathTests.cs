using AutoTune.Spaces;

namespace AutoTune.Kernel.Tests.Spaces;

[TestClass]
public sealed class PortableMathTests
{
    [TestMethod]
    public void Exp_WholeRange_IsWithinOneUlpOfTheLibrary()
    {
        var random = new RandomSource(1);
        for (var i = 0; i < 200_000; i++)
        {
            AssertClose(Math.Exp, PortableMath.Exp, -745.2 + random.NextDouble() * 1455);
            AssertClose(Math.Exp, PortableMath.Exp, Signed(random, Math.ScaleB(1 + random.NextDouble(), -60 + random.NextInt(66))));
        }
    }

    [TestMethod]
    public void Log_WholeRange_IsWithinOneUlpOfTheLibrary()
    {
        var random = new RandomSource(2);
        for (var i = 0; i < 200_000; i++)
        {
            AssertClose(Math.Log, PortableMath.Log, Math.ScaleB(1 + random.NextDouble(), -1074 + random.NextInt(2098)));
            AssertClose(Math.Log, PortableMath.Log, 1 + Signed(random, Math.ScaleB(random.NextDouble(), -random.NextInt(50))));
        }
    }

    [TestMethod]
    [DataRow(0.0, 1.0)]
    [DataRow(-1.0, 0.36787944117144233)]
    [DataRow(709.782712893384, 1.7976931348622732E+308)]
    [DataRow(709.7827128933841, double.PositiveInfinity)]
    [DataRow(-745.1332191019412, 0.0)]
    [DataRow(-745.1332191019411, 5e-324)]
    [DataRow(-708.3964185322641, 2.2250738585072626E-308)]
    [DataRow(-744.0, 1e-323)]
    [DataRow(double.NegativeInfinity, 0.0)]
    [DataRow(double.PositiveInfinity, double.PositiveInfinity)]
    [DataRow(double.NaN, double.NaN)]
    public void Exp_Edges_AreExact(double x, double expected) => Assert.AreEqual(expected, PortableMath.Exp(x));

    [TestMethod]
    [DataRow(1.0, 0.0)]
    [DataRow(2.0, 0.6931471805599453)]
    [DataRow(2.718281828459045, 1.0)]
    [DataRow(10.0, 2.302585092994046)]
    [DataRow(double.MaxValue, 709.782712893384)]
    [DataRow(2.2250738585072014E-308, -708.3964185322641)]
    [DataRow(5e-324, -744.4400719213812)]
    [DataRow(0.0, double.NegativeInfinity)]
    [DataRow(-0.0, double.NegativeInfinity)]
    [DataRow(-5e-324, double.NaN)]
    [DataRow(double.NegativeInfinity, double.NaN)]
    [DataRow(double.PositiveInfinity, double.PositiveInfinity)]
    [DataRow(double.NaN, double.NaN)]
    public void Log_Edges_AreExact(double x, double expected) => Assert.AreEqual(expected, PortableMath.Log(x));

    [TestMethod]
    public void ExpAndLog_ManyArguments_GiveTheSameBitsOnEveryMachine()
    {
        // Golden: whoever changes the arithmetic changes the studies of every seed.
        var random = new RandomSource(3);
        var hash = 0UL;
        for (var i = 0; i < 100_000; i++)
        {
            hash = ulong.RotateLeft(hash, 1) ^ BitConverter.DoubleToUInt64Bits(PortableMath.Exp(-745 + 1454 * random.NextDouble()));
            hash = ulong.RotateLeft(hash, 1) ^ BitConverter.DoubleToUInt64Bits(PortableMath.Log(Math.ScaleB(1 + random.NextDouble(), -1074 + random.NextInt(2098))));
        }

        Assert.AreEqual(10762858724261005719UL, hash);
    }

    private static double Signed(RandomSource random, double value) => random.NextInt(2) == 0 ? value : -value;

    private static void AssertClose(Func<double, double> library, Func<double, double> ours, double x)
    {
        var (expected, actual) = (library(x), ours(x));
        if (actual.Equals(expected) || actual == Math.BitIncrement(expected) || actual == Math.BitDecrement(expected)) return;
        Assert.Fail($"at {x:R}: {actual:R} instead of {expected:R}");
    }
}
