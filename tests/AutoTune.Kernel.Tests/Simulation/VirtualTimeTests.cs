using AutoTune.Testing;

namespace AutoTune.Kernel.Tests.Simulation;

[TestClass]
public sealed class VirtualTimeTests
{
    [TestMethod]
    public void AdvanceTo_SeveralTimers_FireInOrderAtTheirTimes()
    {
        var time = new VirtualTime();
        var fired = new List<(string, double)>();
        void Add(string name, double seconds, double period = -1) => time.CreateTimer(
            _ => fired.Add((name, time.Elapsed.TotalSeconds)), null, TimeSpan.FromSeconds(seconds), period < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(period));
        Add("late", 5);
        Add("early", 1);
        Add("early too", 1);
        Add("every two", 2, 2);
        time.Advance(TimeSpan.FromSeconds(4.5));
        Assert.AreSequenceEqual([("early", 1.0), ("early too", 1.0), ("every two", 2.0), ("every two", 4.0)], fired);
        Assert.AreEqual(4.5, time.Elapsed.TotalSeconds);
        time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.AreEqual(("late", 5.0), fired[^1]);
    }

    [TestMethod]
    public void CreateTimer_DisposedBeforeItIsDue_DoesNotFire()
    {
        var time = new VirtualTime();
        var timer = time.CreateTimer(_ => Assert.Fail("fired"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        timer.Dispose();
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.IsNull(time.NextTimer);
    }

    [TestMethod]
    public void AdvanceTo_ATimerThatSetsAnother_FiresThatToo()
    {
        var time = new VirtualTime();
        var fired = 0.0;
        time.CreateTimer(_ => time.CreateTimer(_ => fired = time.Elapsed.TotalSeconds, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.AreEqual(2.0, fired);
    }

    [TestMethod]
    public void AdvanceTo_ThePast_ChangesNothing()
    {
        var time = new VirtualTime();
        time.Advance(TimeSpan.FromSeconds(10));
        time.AdvanceTo(time.Start);
        Assert.AreEqual(10.0, time.Elapsed.TotalSeconds);
    }

    [TestMethod]
    public async Task Delay_OnVirtualTime_EndsWhenTheClockIsMoved()
    {
        var time = new VirtualTime();
        var delay = Task.Delay(TimeSpan.FromHours(3), time);
        Assert.IsFalse(delay.IsCompleted);
        time.Advance(TimeSpan.FromHours(3));
        await delay;
    }
}
