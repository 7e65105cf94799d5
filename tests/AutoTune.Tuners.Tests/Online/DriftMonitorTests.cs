using AutoTune.Tuners.Online;

namespace AutoTune.Tuners.Tests.Online;

[TestClass]
public sealed class DriftMonitorTests
{
    [TestMethod]
    public void ThresholdOf_SiegmundsFormula_IsSolved()
    {
        // One-sided charts with k = 1/2 run 336 and 930 on average at h = 4 and 5 (Montgomery, "Introduction to statistical quality control": 168 and 465 two-sided).
        Assert.AreEqual(4, DriftMonitor.ThresholdOf(336), 0.02);
        Assert.AreEqual(5, DriftMonitor.ThresholdOf(930), 0.02);
    }

    [TestMethod]
    [DataRow("normal", 1.1)]
    [DataRow("skewed", 1.2)] // a mean of 32 squared errors
    [DataRow("heavy", 1.5)] // Student's t with five degrees of freedom
    public void Observe_ALossThatStays_AlarmsNoMoreOftenThanSaid(string noise, double most)
    {
        const int every = 500, batches = 200_000;
        var (random, monitor, alarms) = (new RandomSource(3).Fork(noise), new DriftMonitor(every), 0);
        for (var i = 0; i < batches; i++)
        {
            if (!monitor.Observe(Draw(random, noise))) continue;
            alarms++;
            monitor.Reset();
        }

        Assert.IsLessThan(most, (double)alarms * every / batches);
        Assert.IsGreaterThan(0.05, (double)alarms * every / batches, "a monitor that never alarms would pass");
    }

    [TestMethod]
    [DataRow(1.0, 60)]
    [DataRow(3.0, 6)]
    [DataRow(10.0, 3)]
    public void Observe_AfterARise_AlarmsSoon(double deviations, double most)
    {
        var total = 0;
        const int streams = 200;
        for (var stream = 0; stream < streams; stream++)
        {
            var (random, monitor, delay) = (new RandomSource(stream).Fork("rise"), new DriftMonitor(10_000), 0);
            for (var i = 0; i < 100; i++)
            {
                if (monitor.Observe(10 + random.NextGaussian())) monitor.Reset();
            }

            do delay++;
            while (!monitor.Observe(10 + deviations + random.NextGaussian()) && delay < 1000);
            total += delay;
        }

        Assert.IsLessThan(most, (double)total / streams);
    }

    [TestMethod]
    public void Observe_ALossThatFalls_NeverAlarms()
    {
        var (random, monitor) = (new RandomSource(4), new DriftMonitor(10_000));
        for (var i = 0; i < 1000; i++) Assert.IsFalse(monitor.Observe(Math.Exp(-i / 200.0) + 0.05 * random.NextGaussian()), $"batch {i}");
    }

    [TestMethod]
    public void Observe_ARiseLongAfterALossThatFellByFar_IsFoundAsSoon()
    {
        var (random, monitor) = (new RandomSource(6), new DriftMonitor(10_000));
        for (var i = 0; i < 200; i++) Assert.IsFalse(monitor.Observe(100 * Math.Exp(-i) + 0.02 + 0.003 * random.NextGaussian()), $"batch {i}");
        Assert.IsFalse(monitor.Observe(0.5));
        Assert.IsTrue(monitor.Observe(0.5));
    }

    [TestMethod]
    public void Observe_OneBatchOfOutliers_IsNoDrift()
    {
        var (random, monitor) = (new RandomSource(5), new DriftMonitor(10_000));
        for (var i = 0; i < 500; i++) Assert.IsFalse(monitor.Observe(i == 250 ? 1e6 : 1 + 0.1 * random.NextGaussian()), $"batch {i}");
    }

    private static double Draw(RandomSource random, string noise)
    {
        double Squares(int count) => Enumerable.Range(0, count).Sum(_ => Math.Pow(random.NextGaussian(), 2));
        return noise switch
        {
            "normal" => 10 + random.NextGaussian(),
            "skewed" => Squares(32) / 32,
            _ => 10 + random.NextGaussian() / Math.Sqrt(Squares(5) / 5),
        };
    }
}
