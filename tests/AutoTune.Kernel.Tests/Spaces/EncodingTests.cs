using AutoTune.Spaces;
using FsCheck;
using FsCheck.Fluent;

namespace AutoTune.Kernel.Tests.Spaces;

[TestClass]
public sealed class EncodingTests
{
    [TestMethod]
    public void Decode_OfAnEncodedRandomConfiguration_GivesTheEqualConfiguration()
    {
        var space = ConditionalSpaces.OfEveryKind();
        var random = new RandomSource(1);
        var unit = new double[space.Hyperparameters.Length];
        var active = new bool[unit.Length];
        for (var i = 0; i < 100_000; i++)
        {
            var configuration = space.Sample(random);
            space.Encoding.Encode(configuration, unit, active);
            var again = space.Encoding.Decode(unit);
            if (!configuration.Equals(again)) Assert.Fail($"{configuration} came back as {again}");
            for (var d = 0; d < unit.Length; d++)
            {
                if (unit[d] is not (>= 0 and <= 1)) Assert.Fail($"{space.Hyperparameters[d]}: {unit[d]}");
                if (active[d] != configuration.IsActive(space.Hyperparameters[d])) Assert.Fail($"{space.Hyperparameters[d]} in {configuration}");
            }
        }
    }

    [TestMethod]
    public void Decode_OfTheEncodedDefault_GivesItToTheLastDigit()
    {
        var builder = new SearchSpaceBuilder();
        foreach (var value in (double[])[1e-3, .01, .05, 3e-4, 1.0 / 3]) builder.AddReal(FormattableString.Invariant($"rate {value}"), 1e-5, 1, Scale.Log, defaultValue: value);
        var space = builder.Build();
        var unit = new double[space.Hyperparameters.Length];
        space.Encoding.Encode(space.Default, unit, []);
        Assert.AreEqual(space.Default.ToString(), space.Encoding.Decode(unit).ToString());
    }

    [TestMethod]
    public void Decode_OfAnEncodedDecodedPoint_GivesTheEqualConfiguration()
    {
        // Any units, not only multiples of 2^-53: where a gradient ends.
        var space = ConditionalSpaces.OfEveryKind();
        var random = new RandomSource(2);
        var unit = new double[space.Hyperparameters.Length];
        for (var i = 0; i < 20_000; i++)
        {
            for (var d = 0; d < unit.Length; d++) unit[d] = Math.Pow(random.NextDouble(), 1 + 20 * random.NextDouble());
            var configuration = space.Encoding.Decode(unit);
            space.Encoding.Encode(configuration, unit, []);
            Assert.AreEqual(configuration, space.Encoding.Decode(unit));
        }
    }

    [TestMethod]
    public void Decode_RealRangesOfAnyWidth_ReachesBothEndsAndComesBack()
    {
        var range = Gen.Choose(-1_000_000, 1_000_000).SelectMany(mantissa => Gen.Choose(-300, 300).Select(exponent => mantissa * Math.Pow(10, exponent - 6)));
        var cases = range.SelectMany(low => range.SelectMany(high => Gen.Choose(0, int.MaxValue).Select(seed => (low, high, seed))));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5000).WithReplay(1, 3), Prop.ForAll(cases.ToArbitrary(), one =>
        {
            var domain = new RealDomain(Math.Min(one.low, one.high), Math.Max(one.low, one.high));
            return ComesBack(domain, new RandomSource(one.seed));
        }));
    }

    [TestMethod]
    public void Decode_LogRangesOfAnyWidth_ReachesBothEndsAndComesBack()
    {
        var cases = Gen.Choose(-300, 299).SelectMany(exponent => Gen.Choose(-14, 500).SelectMany(width => Gen.Choose(0, int.MaxValue).Select(seed => (exponent, width, seed))));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5000).WithReplay(1, 3), Prop.ForAll(cases.ToArbitrary(), one =>
        {
            var low = Math.Pow(10, one.exponent);
            // From ranges of a few neighbouring numbers to hundreds of decades.
            var high = one.width < 0 ? low * (1 + Math.Pow(10, one.width)) : Math.Min(low * Math.Pow(10, one.width * 0.6), 1e300);
            return ComesBack(new RealDomain(Math.Min(low, high), Math.Max(low, high), Scale.Log), new RandomSource(one.seed));
        }));
    }

    [TestMethod]
    public void Decode_IntegerRangesOfAnyWidth_ReachesBothEndsAndComesBack()
    {
        var any = Gen.OneOf(Gen.Choose(int.MinValue + 1, int.MaxValue), Gen.Choose(-100, 100), Gen.Constant(int.MinValue), Gen.Constant(int.MaxValue));
        var cases = any.SelectMany(low => any.SelectMany(high => Gen.Choose(1, 7).SelectMany(step => Gen.Choose(0, int.MaxValue).Select(seed => (low, high, step, seed)))));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5000).WithReplay(1, 3), Prop.ForAll(cases.ToArbitrary(), one =>
        {
            var (low, high) = (Math.Min(one.low, one.high), Math.Max(one.low, one.high));
            var fitting = (int)(low + ((long)high - low) / one.step * one.step);
            return ComesBack(new IntegerDomain(low, fitting, Scale.Linear, fitting == low ? 1 : one.step), new RandomSource(one.seed))
                && (low < 1 || ComesBack(new IntegerDomain(low, high, Scale.Log), new RandomSource(one.seed)));
        }));
    }

    [TestMethod]
    [DataRow(0.0, 1.0, 0.1, 11)]
    [DataRow(0.05, 0.5, 0.05, 10)]
    [DataRow(-1.0, 1.0, 0.25, 9)]
    [DataRow(0.1, 0.3, 0.1, 3)]
    [DataRow(1000.1, 1000.2, 0.001, 101)]
    [DataRow(0.0, 1.0, 1e-6, 1_000_001)]
    [DataRow(-1e300, 1e300, 1e297, 2001)]
    [DataRow(0.0, 1.0, 1 / 3.0, 4)]
    [DataRow(2.0, 2.0, 5.0, 1)]
    [DataRow(0.0, 1e9, 1.0, 1_000_000_001)]
    public void Decode_StepGrids_ReachesEveryStepAndComesBack(double low, double high, double step, long count)
    {
        var domain = new RealDomain(low, high, Scale.Linear, step);
        Assert.IsEmpty(domain.Problems());
        Assert.AreEqual(count, domain.Cardinality);
        Assert.AreEqual(low, domain.FromUnit(0));
        Assert.AreEqual(high, domain.FromUnit(1));
        var before = double.NegativeInfinity;
        for (long i = 0, stride = Math.Max(1, count / 5000); i < count; i += stride)
        {
            var code = domain.FromUnit((i + 0.5) / count);
            Assert.AreEqual(low + i * step, code, 1e-9 * step + 1e-15 * Math.Abs(low));
            Assert.IsTrue(domain.Contains(code));
            Assert.IsGreaterThan(before, code);
            Assert.AreEqual(code, domain.FromUnit(domain.ToUnit(code)));
            before = code;
        }
    }

    [TestMethod]
    public void Decode_StepsOfATenth_AreWrittenWithOneDigit()
    {
        var domain = new RealDomain(0, 1, Scale.Linear, 0.1);
        Assert.AreEqual("0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1", string.Join(' ', Enumerable.Range(0, 11).Select(i => domain.Format(domain.FromUnit((i + 0.5) / 11)))));
    }

    [TestMethod]
    public void Decode_EveryIntegerOfALogRange_IsReachedInProportionToItsRatio()
    {
        // ML.NET's own encoding loses 469 of these 1005 values, and never draws the upper end.
        var domain = new IntegerDomain(20, 1024, Scale.Log);
        for (var level = 20; level <= 1024; level++) Assert.AreEqual(level, domain.FromUnit(domain.ToUnit(level)));
        var counts = new int[1025];
        const int Draws = 2_000_000;
        for (var i = 0; i < Draws; i++) counts[(int)domain.FromUnit((i + 0.5) / Draws)]++;
        for (var level = 20; level <= 1024; level++)
        {
            var expected = Draws * Math.Log((level + 0.5) / (level - 0.5)) / Math.Log(1024.5 / 19.5);
            Assert.AreEqual(expected, counts[level], 2.0, $"level {level}");
        }
    }

    [TestMethod]
    public void Encode_AHandWrittenValue_ComesBackToItsLastDigits()
    {
        var linear = new RealDomain(0, 1);
        var log = new RealDomain(1e-5, 1e-1, Scale.Log);
        for (var i = 1; i < 1000; i++)
        {
            Assert.AreEqual(i / 1000.0, linear.FromUnit(linear.ToUnit(i / 1000.0)));
            Assert.AreEqual(i / 10000.0, log.FromUnit(log.ToUnit(i / 10000.0)), 4e-15 * i / 10000);
        }
    }

    [TestMethod]
    public void Encode_SomethingInactive_IsItsDefaultAndMarked()
    {
        var builder = new SearchSpaceBuilder();
        var on = builder.AddBoolean("on");
        builder.AddReal("level", 0, 10, defaultValue: 2.5, activeWhen: on.Is(true));
        var space = builder.Build();
        var unit = new double[2];
        var active = new bool[2];
        space.Encoding.Encode(space.Default, unit, active);
        Assert.AreSequenceEqual([0.25, 0.25], unit);
        Assert.AreSequenceEqual([true, false], active);
    }

    [TestMethod]
    public void Decode_OutsideTheCube_CountsAsTheNearestEnd()
    {
        var builder = new SearchSpaceBuilder();
        builder.AddReal("rate", 1e-3, 1, Scale.Log);
        builder.AddInteger("width", 1, 9, Scale.Log);
        builder.AddCategorical("trainer", ["a", "b", "c"]);
        var space = builder.Build();
        Assert.AreEqual("rate=0.001, width=1, trainer=a", space.Encoding.Decode([-1, -1e300, double.NegativeInfinity]).ToString());
        Assert.AreEqual("rate=1, width=9, trainer=c", space.Encoding.Decode([2, 1e300, double.PositiveInfinity]).ToString());
        Assert.AreEqual(space.Encoding.Decode([0.5, 0.5, 0.5]), space.Encoding.Decode([double.NaN, double.NaN, double.NaN]));
    }

    [TestMethod]
    public void Encode_APointOfAnotherLength_IsRefused()
    {
        var space = ConditionalSpaces.OfEveryKind();
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => space.Encoding.Encode(space.Default, new double[1], []));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => space.Encoding.Decode(new double[1]));
    }

    [TestMethod]
    public void UnitOfLevel_EveryLevel_DecodesToDistinctValues()
    {
        foreach (var dimension in ConditionalSpaces.OfEveryKind().Encoding.Dimensions.Where(d => d.Levels is < 2000))
        {
            var codes = Enumerable.Range(0, (int)dimension.Levels!).Select(level => dimension.Hyperparameter.Domain.FromUnit(dimension.UnitOfLevel(level))).ToList();
            Assert.HasCount((int)dimension.Levels, codes.Distinct(), dimension.Hyperparameter.Name);
            Assert.AreSequenceEqual(codes.Order(), codes);
            Assert.IsTrue(codes.All(dimension.Hyperparameter.Domain.Contains));
        }
    }

    private static bool ComesBack(Domain domain, RandomSource random)
    {
        Assert.IsEmpty(domain.Problems());
        var (low, high) = domain is RealDomain real ? (real.Low, real.High) : (((IntegerDomain)domain).Low, ((IntegerDomain)domain).High);
        Assert.AreEqual(low, domain.FromUnit(0));
        Assert.AreEqual(high, domain.FromUnit(1));
        Assert.IsTrue(low == high || domain.ToUnit(low) < domain.ToUnit(high));
        for (var i = 0; i < 20; i++)
        {
            // On the grid of random numbers, and as anything in between.
            var unit = i < 10 ? random.NextDouble() : Math.Pow(random.NextDouble(), 1 + 9 * random.NextDouble());
            var code = domain.FromUnit(unit);
            var encoded = domain.ToUnit(code);
            if (!domain.Contains(code) || encoded is not (>= 0 and <= 1) || domain.FromUnit(encoded) != code)
            {
                Console.WriteLine($"{domain}: unit {unit:R} gives {code:R}, encoded {encoded:R}, which gives {domain.FromUnit(encoded):R}");
                return false;
            }
        }

        return true;
    }
}
