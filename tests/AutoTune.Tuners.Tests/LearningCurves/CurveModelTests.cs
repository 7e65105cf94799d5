using AutoTune.Quality.Forecasting;
using AutoTune.Tuners.LearningCurves;

namespace AutoTune.Tuners.Tests.LearningCurves;

[TestClass]
public sealed class CurveModelTests
{
    private const int Last = 50;
    private static readonly int[] Steps = [.. Enumerable.Range(1, Last)];

    [TestMethod]
    public void Basis_AtTheEnds_IsOneAndZero()
    {
        var values = new double[CurveBasis.Size];
        new CurveBasis(Last).At(1, values);
        foreach (var value in values) Assert.AreEqual(1, value, 1e-12);
        new CurveBasis(Last).At(Last, values);
        Assert.AreEqual(1, values[0]);
        foreach (var value in values[1..]) Assert.AreEqual(0, value, 1e-12);
    }

    [TestMethod]
    public void Evidence_ErrorsThatLast_AreFreedByHand()
    {
        // Steps 1 and 3 of 3, rho 0.5: what lasts is 0.25; y* = 2 - 0.25 * 4 = 1, v = 1 - 0.0625; the constant becomes 0.75.
        var evidence = new CurveEvidence();
        evidence.Add(new CurveBasis(3), 0.5, 1, 4);
        evidence.Add(new CurveBasis(3), 0.5, 3, 2);
        Assert.AreEqual(1 + 0.75 * 0.75 / 0.9375, evidence.A[0], 1e-12);
        Assert.AreEqual(4 + 0.75 * 1 / 0.9375, evidence.B[0], 1e-12);
        Assert.AreEqual(16 + 1 / 0.9375, evidence.C, 1e-12);
    }

    [TestMethod]
    [DataRow(0.1)]
    [DataRow(0.25)]
    [DataRow(0.5)]
    public void Forecast_SyntheticCurves_HoldsWhatComesAsOftenAsSaid(double part)
    {
        var calibration = new Calibration();
        for (var seed = 0; seed < 4; seed++)
        {
            var random = new RandomSource(seed);
            var model = new CurveModel(Last);
            for (var i = 0; i < 40; i++) model.Tell(Steps, Curve(random), isWhole: true);
            for (var i = 0; i < 100; i++)
            {
                var (curve, until) = (Curve(random), (int)(part * Last));
                calibration.Add(model.Forecast(Steps.AsSpan(0, until), curve.AsSpan(0, until))!.Value, curve[until - 1], curve[^1]);
            }
        }

        foreach (var (held, chance) in calibration.Coverage.Zip(Calibration.Chances))
            Assert.AreEqual(chance, held, chance < 0.9 ? 0.15 : 0.06, $"the interval of {chance}");
        Assert.IsLessThan(0.8 * calibration.NaiveError, calibration.Error, "no better than the last report");
    }

    [TestMethod]
    public void Forecast_CurvesThatCross_SeesThroughTheFirstSteps()
    {
        // Fast ones level off at 0.5; slow ones begin worse and end at 0.2.
        static double[] Fast(double x) => [.. Steps.Select(t => 0.5 + 0.1 * x + 0.5 * Math.Exp(-t / 2.0))];
        static double[] Slow(double x) => [.. Steps.Select(t => 0.2 + 0.1 * x + 0.8 * Math.Exp(-t / 15.0))];
        var model = new CurveModel(Last);
        for (var i = 0; i < 20; i++) model.Tell(Steps, i % 2 == 0 ? Fast(i / 20.0) : Slow(i / 20.0), isWhole: true);
        var fast = model.Forecast(Steps.AsSpan(0, 10), Fast(0.3).AsSpan(0, 10))!.Value;
        var slow = model.Forecast(Steps.AsSpan(0, 10), Slow(0.3).AsSpan(0, 10))!.Value;
        Assert.IsLessThan(Slow(0.3)[9], Fast(0.3)[9], "the slow one is behind at step 10");
        Assert.IsLessThan(fast.Mean, slow.Mean);
        Assert.AreEqual(0.23, slow.Mean - 0.8 * Math.Exp(-Last / 15.0), 0.05);
        Assert.IsLessThan(0.05, fast.ChanceBelow(0.3));
    }

    [TestMethod]
    public void Forecast_CurvesThatGetWorse_FollowsThem()
    {
        var random = new RandomSource(3);
        double[] Overfit() => Enumerate(0.5 + 0.1 * random.NextGaussian(), 0.3 + 0.05 * random.NextGaussian());
        static double[] Enumerate(double level, double rise) => [.. Steps.Select(t => level + 0.5 / t + rise * t / Last)];
        var model = new CurveModel(Last);
        for (var i = 0; i < 30; i++) model.Tell(Steps, Overfit(), isWhole: true);
        var curve = Enumerate(0.5, 0.3);
        Assert.AreEqual(curve[^1], model.Forecast(Steps.AsSpan(0, 20), curve.AsSpan(0, 20))!.Value.Mean, 0.08);
    }

    [TestMethod]
    [DataRow(1e-300)]
    [DataRow(1e-12)]
    [DataRow(1e300)]
    public void Forecast_LossesAtAnyScale_ScalesAlong(double unit)
    {
        var (plain, scaled) = (Forecast(1), Forecast(unit));
        Assert.AreEqual(plain.Mean * unit, scaled.Mean, 1e-6 * unit);
        Assert.AreEqual(plain.Deviation * unit, scaled.Deviation, 1e-6 * unit);
        Assert.AreEqual(plain.ChanceBelow(0.1), scaled.ChanceBelow(0.1 * unit), 1e-6);

        static CurveForecast Forecast(double unit)
        {
            var random = new RandomSource(5);
            var model = new CurveModel(Last);
            for (var i = 0; i < 15; i++) model.Tell(Steps, Scaled(Curve(random), unit), isWhole: true);
            return model.Forecast(Steps.AsSpan(0, 10), Scaled(Curve(random), unit).AsSpan(0, 10))!.Value;
        }

        static double[] Scaled(double[] curve, double unit) => [.. curve.Select(loss => loss * unit)];
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(1.0)]
    [DataRow(-1e308)]
    public void Forecast_ConstantCurves_IsThatConstant(double value)
    {
        var model = new CurveModel(null);
        double[] curve = [.. Steps.Select(_ => value)];
        for (var i = 0; i < 6; i++) model.Tell(Steps, curve, isWhole: true);
        var forecast = model.Forecast(Steps.AsSpan(0, 3), curve.AsSpan(0, 3))!.Value;
        Assert.AreEqual(value, forecast.Mean, 1e-3 * Math.Max(1, Math.Abs(value)));
        Assert.IsGreaterThan(0.05, forecast.ChanceBelow(value), "an equal has its chance");
    }

    [TestMethod]
    public void Forecast_ALossThatDiverges_DoesNotRuinTheOthers()
    {
        var random = new RandomSource(8);
        var model = new CurveModel(Last);
        for (var i = 0; i < 20; i++) model.Tell(Steps, Curve(random), isWhole: true);
        double[] diverged = [.. Steps.Select(t => Math.Pow(10, 6.0 * t))];
        model.Tell(Steps, diverged, isWhole: true);
        var curve = Curve(random);
        var forecast = model.Forecast(Steps.AsSpan(0, 25), curve.AsSpan(0, 25))!.Value;
        Assert.AreEqual(curve[^1], forecast.Mean, 0.2);
    }

    [TestMethod]
    public void Forecast_SkippedSteps_AreNoTrouble()
    {
        var random = new RandomSource(4);
        var model = new CurveModel(Last);
        for (var i = 0; i < 20; i++)
        {
            var curve = Curve(random);
            model.Tell([1, 5, 20, 50], [curve[0], curve[4], curve[19], curve[49]], isWhole: true);
        }

        var other = Curve(random);
        var forecast = model.Forecast([3, 20], [other[2], other[19]])!.Value;
        Assert.AreEqual(other[^1], forecast.Mean, 4 * forecast.Deviation + 1e-6);
    }

    [TestMethod]
    public void Forecast_BeforeATrialHasCompleted_IsNone()
    {
        var model = new CurveModel(null);
        model.Tell([1, 2], [1.0, 0.5], isWhole: false);
        Assert.IsNull(model.Forecast([1], [1.0]));
        Assert.AreEqual(0, model.LastStep);
    }

    [TestMethod]
    public void Tell_ALargerStepCompletes_BecomesTheLast()
    {
        var model = new CurveModel(null);
        model.Tell([1, 2, 3], [1.0, 0.5, 0.4], isWhole: true);
        model.Tell([1, 2, 3, 4], [1.0, 0.5, 0.4, 0.3], isWhole: true);
        Assert.AreEqual(4, model.LastStep);
        Assert.AreEqual(1, model.Completed);
        Assert.IsNotNull(model.Forecast([1, 2], [0.9, 0.6]));
    }

    [TestMethod]
    public void Forecast_MoreOfTheCurve_IsSurer()
    {
        var random = new RandomSource(6);
        var model = new CurveModel(Last);
        for (var i = 0; i < 40; i++) model.Tell(Steps, Curve(random), isWhole: true);
        var curve = Curve(random);
        double Deviation(int until) => model.Forecast(Steps.AsSpan(0, until), curve.AsSpan(0, until))!.Value.Deviation;
        Assert.IsLessThan(Deviation(5), Deviation(25));
        Assert.IsLessThan(Deviation(0), Deviation(5));
    }

    // A power law or an exponential to a level, sometimes overfitting, with noise: of a family that no single basis holds.
    private static double[] Curve(RandomSource random)
    {
        double level = 0.2 + 0.3 * random.NextDouble(), height = 0.5 + random.NextDouble(), speed = 0.3 + 1.2 * random.NextDouble();
        var rise = random.NextDouble() < 0.3 ? 0.2 * random.NextDouble() : 0;
        var isPower = random.NextDouble() < 0.5;
        var curve = new double[Last];
        for (var t = 1; t <= Last; t++)
        {
            var fall = isPower ? Math.Pow(t, -speed) : Math.Exp(-speed * t / 8);
            curve[t - 1] = level + height * fall + rise * t / Last + 0.01 * random.NextGaussian();
        }

        return curve;
    }
}
