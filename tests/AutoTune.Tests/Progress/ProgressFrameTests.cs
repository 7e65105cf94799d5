using AutoTune.Progress;

namespace AutoTune.Tests.Progress;

[TestClass]
public sealed class ProgressFrameTests
{
    private static readonly StudyView View = Example.UnderWay(); // two trials have ended

    [TestMethod]
    public void Left_WithATrialLimit_GoesByThePaceOfThisRun()
    {
        Assert.AreEqual(TimeSpan.FromSeconds(40), Frame(trials: 10, elapsed: 10).Left);
        Assert.AreEqual(TimeSpan.FromSeconds(80), (Frame(trials: 10, elapsed: 10) with { EndedBefore = 1 }).Left);
    }

    [TestMethod]
    public void Left_BeforeAnyTrialEnded_IsUnknownOrTheTimeLimits()
    {
        Assert.IsNull((Frame(trials: 10, elapsed: 10) with { EndedBefore = 2 }).Left);
        Assert.AreEqual(TimeSpan.FromSeconds(20), (Frame(trials: 10, elapsed: 10, time: 30) with { EndedBefore = 2 }).Left);
    }

    [TestMethod]
    public void Left_WithBothLimits_IsToTheNearer()
    {
        Assert.AreEqual(TimeSpan.FromSeconds(20), Frame(trials: 10, elapsed: 10, time: 30).Left);
        Assert.AreEqual(TimeSpan.FromSeconds(40), Frame(trials: 10, elapsed: 10, time: 300).Left);
    }

    [TestMethod]
    public void Left_BeyondALimit_IsZero()
    {
        Assert.AreEqual(TimeSpan.Zero, Frame(trials: null, elapsed: 10, time: 3).Left);
        Assert.AreEqual(TimeSpan.Zero, Frame(trials: 1, elapsed: 10).Left);
    }

    [TestMethod]
    public void Done_IsOfTheNearerLimit()
    {
        Assert.AreEqual(0.2, Frame(trials: 10, elapsed: 1, time: 30).Done);
        Assert.AreEqual(0.5, Frame(trials: 10, elapsed: 15, time: 30).Done);
        Assert.AreEqual(1, Frame(trials: 1, elapsed: 15).Done);
        Assert.IsNull(Frame(trials: null, elapsed: 15).Done);
    }

    internal static ProgressFrame Frame(int? trials, double elapsed, double? time = null, StudyView? view = null)
        => new(view ?? View, trials, time is { } seconds ? TimeSpan.FromSeconds(seconds) : null, TimeSpan.FromSeconds(elapsed), 0, IsFinal: false);
}
