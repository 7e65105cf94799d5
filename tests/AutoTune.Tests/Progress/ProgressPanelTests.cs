using AutoTune.Progress;

namespace AutoTune.Tests.Progress;

[TestClass]
public sealed class ProgressPanelTests
{
    [TestMethod]
    public void Panel_OfAStudyUnderWay_ShowsWhatIsGoingOn()
    {
        var text = Text(ProgressFrameTests.Frame(trials: 10, elapsed: 10));
        Assert.Contains("under way maximize accuracy", text);
        Assert.Contains("2 of 10 trials", text);
        Assert.Contains("10 s elapsed, about 40 s left", text);
        Assert.Contains("0.75 in trial 1", text);
        Assert.Contains("trial 2 0.5 at step 3  x=", text);
    }

    [TestMethod]
    public void Panel_AtTheEnd_ShowsNoRunningTrials()
    {
        var text = Text(ProgressFrameTests.Frame(trials: 10, elapsed: 10) with { IsFinal = true });
        Assert.Contains("ended after 10 s", text);
        Assert.DoesNotContain("running", text);
        Assert.DoesNotContain("left", text);
    }

    [TestMethod]
    public void Panel_OfAStopRuleThatSaysHowFarItIs_ShowsIt()
        => Assert.Contains("remaining regret at most 0.012, noise 0.015", Text(ProgressFrameTests.Frame(trials: 10, elapsed: 10) with { Standing = "remaining regret at most 0.012, noise 0.015" }));

    [TestMethod]
    public async Task Panel_OfFailures_CountsThem()
    {
        var view = (await Example.RunAsync(20, fails: true)).View;
        Assert.Contains("4 failed", Text(ProgressFrameTests.Frame(trials: 20, elapsed: 1, view: view)));
    }

    [TestMethod]
    public void Panel_OfManyRunningTrials_ShowsSome()
    {
        var text = Text(ProgressFrameTests.Frame(trials: 10, elapsed: 1, view: Example.UnderWay(running: 7)));
        Assert.Contains("and 3 more", text);
    }

    [TestMethod]
    public void Panel_BeforeTheFirstTrial_SaysSo()
    {
        using var study = new StudyBuilder("new").Open();
        var text = Text(ProgressFrameTests.Frame(trials: null, elapsed: 0, view: study.View));
        Assert.Contains("0 trials", text);
        Assert.Contains("none yet", text);
        Assert.Contains("choosing the next", text);
    }

    [TestMethod]
    [DataRow(1), DataRow(20), DataRow(40), DataRow(41), DataRow(57), DataRow(80), DataRow(100), DataRow(300)]
    public async Task Panel_OfAnyWidth_IsAsWideOnEachLine(int width)
    {
        var views = new[] { (await Example.RunAsync(30, name: "a study [with] a rather long name, longer than the panel is wide, surely")).View, Example.UnderWay(4) };
        foreach (var (view, unicode) in views.SelectMany(view => new[] { (view, true), (view, false) }))
        {
            var lines = Drawn.Lines(ProgressPanel.Of(ProgressFrameTests.Frame(trials: 60, elapsed: 3, time: 20, view: view), width, unicode), Math.Max(width, 20), unicode);
            Assert.IsTrue(lines.All(line => line.Length == Math.Clamp(width, 20, 100)), string.Join("\n", lines));
        }
    }

    [TestMethod]
    public void Panel_WithoutUnicode_IsAscii()
    {
        var text = Drawn.Text(ProgressPanel.Of(ProgressFrameTests.Frame(trials: 10, elapsed: 10), 80, unicode: false), 80, unicode: false);
        Assert.IsTrue(text.All(character => character < 128), text);
    }

    private static string Text(ProgressFrame frame) => Drawn.Text(ProgressPanel.Of(frame, 100, unicode: true), 100);
}
