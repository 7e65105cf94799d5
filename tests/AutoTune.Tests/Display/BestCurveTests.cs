using AutoTune.Display;
using Spectre.Console;

namespace AutoTune.Tests.Display;

[TestClass]
public sealed class BestCurveTests
{
    [TestMethod]
    public async Task Markup_WithoutUnicode_DrawsTheBestAsSteps()
    {
        double[] values = [5, 3, 4, 1];
        CollectionAssert.AreEqual(new[]
        {
            "4 |****.",
            "  |  .*****",
            "  |       *",
            "1 |       *",
            "  +--------",
        }, await LinesAsync(values, maximize: false, width: 11, height: 4));
    }

    [TestMethod]
    public async Task Markup_OfAMaximizedGoal_Rises()
    {
        var lines = await LinesAsync([1, 2, 3, 4], maximize: true, width: 14, height: 3);
        Assert.StartsWith("4 |", lines[0]);
        Assert.EndsWith("*", lines[0]);
        Assert.Contains("|*", lines[2]);
    }

    [TestMethod]
    public async Task Markup_WithOneTrial_IsEmpty() => Assert.IsEmpty(await LinesAsync([1], maximize: false, width: 30, height: 3));

    [TestMethod]
    public async Task Markup_OfEqualValues_IsAFlatLine()
    {
        var lines = await LinesAsync([2, 2, 2], maximize: false, width: 20, height: 3);
        Assert.AreEqual(17, lines[1].Count(character => character == '*'));
    }

    [TestMethod]
    public async Task Markup_InBraille_FillsTheWidth()
    {
        var view = (await Example.RunAsync(200)).View;
        var lines = BestCurve.Markup(view, 60, 5, unicode: true).Select(line => Markup.Remove(line)).ToList();
        Assert.HasCount(6, lines);
        Assert.IsTrue(lines.All(line => line.Length == 60), string.Join("\n", lines));
        Assert.IsTrue(lines[4][^1] is >= '\u2801' and <= '\u28FF', lines[4]);
    }

    [TestMethod]
    public async Task Markup_OfEndlessRange_DoesNotOverflow()
    {
        var lines = await LinesAsync([double.MaxValue, -double.MaxValue, 0, 1], maximize: false, width: 30, height: 3);
        Assert.HasCount(4, lines);
    }

    private static async Task<string[]> LinesAsync(double[] values, bool maximize, int width, int height)
    {
        var study = new StudyBuilder("curve").ForTrials(values.Length);
        if (maximize) study.Maximize("value");
        var result = await study.RunAsync(trial => values[trial.Id.Number] + 0 * trial.Real("x", 0, 1));
        return [.. BestCurve.Markup(result.View, width, height, unicode: false).Select(line => Markup.Remove(line).TrimEnd())];
    }
}
