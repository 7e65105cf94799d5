using AutoTune.Display;

namespace AutoTune.Tests.Display;

[TestClass]
public sealed class ShownTests
{
    [TestMethod]
    [DataRow(0, "0.0 s"), DataRow(9.94, "9.9 s"), DataRow(9.96, "10 s"), DataRow(59.4, "59 s"), DataRow(59.6, "1 min 0 s"), DataRow(185, "3 min 5 s")]
    [DataRow(3599.4, "59 min 59 s"), DataRow(3599.9, "0 h 59 min"), DataRow(7800, "2 h 10 min"), DataRow(200_000, "55 h 33 min")]
    public void Time_OfAnyLength_IsShort(double seconds, string text) => Assert.AreEqual(text, Shown.Time(TimeSpan.FromSeconds(seconds)));

    [TestMethod]
    public void Markup_OfAConfiguration_KeepsNameAndValueTogether()
    {
        var space = new SearchSpaceBuilder();
        for (var i = 0; i < 6; i++) space.AddInteger($"number {i}", 1, 9);
        var lines = Spectre.Console.Markup.Remove(Shown.Markup(space.Build().Default, width: 24)).Split('\n');
        CollectionAssert.AreEqual(new[] { "number 0=5  number 1=5", "number 2=5  number 3=5", "number 4=5  number 5=5" }, lines);
    }

    [TestMethod]
    public void Markup_OfTextWithBrackets_IsEscaped()
    {
        var space = new SearchSpaceBuilder();
        space.AddCategorical("[odd]", ["[red]"]);
        Assert.AreEqual("[odd]=[red]", Drawn.Lines(new Spectre.Console.Markup(Shown.Markup(space.Build().Default, 80)), 80)[0].TrimEnd());
    }

    [TestMethod]
    public void Plain_OfNestedNames_LeavesTheNestsOutWhereNoneIsAlike()
    {
        var space = new SearchSpaceBuilder();
        space.Nest("tree").AddInteger("leaves", 1, 9);
        space.Nest("tree").AddInteger("seed", 1, 9);
        space.Nest("line").AddInteger("seed", 1, 9);
        space.AddInteger("lineseed", 1, 9);
        Assert.AreEqual("leaves=5, tree.seed=5, line.seed=5, lineseed=5", Shown.Plain(space.Build().Default));
    }

    [TestMethod]
    public void Value_OfAReal_HasFourDigits()
    {
        var space = new SearchSpaceBuilder();
        space.AddReal("x", 0, 1, defaultValue: 1.0 / 3);
        Assert.AreEqual("x=0.3333", Shown.Plain(space.Build().Default));
        Assert.AreEqual("nothing to tune", Shown.Plain(SearchSpace.Empty.Default));
    }
}
