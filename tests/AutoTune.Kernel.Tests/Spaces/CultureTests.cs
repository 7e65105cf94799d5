using System.Globalization;

namespace AutoTune.Kernel.Tests.Spaces;

/// <summary>Texts and numbers are the same in every culture, its decimal comma and its minus sign.</summary>
[TestClass]
public sealed class CultureTests
{
    public sealed record Layer(double Rate, int Shift);

    [TestMethod]
    [DataRow("tr-TR")]
    [DataRow("de-DE")]
    [DataRow("sv-SE")]
    [DataRow("ar-SA")]
    [DataRow("fa-IR")]
    public void Space_InAnotherCulture_IsTheSame(string culture)
    {
        var expected = In("", Texts);
        Assert.AreEqual(expected, In(culture, Texts));
        Assert.Contains("Layer { Rate = 0.5, Shift = -1 }", expected);
        Assert.Contains("(0.25, -3)", expected);
        Assert.Contains("low -5 is above high -7", expected);
    }

    private static string Texts()
    {
        var builder = new SearchSpaceBuilder();
        var rate = builder.AddReal("rate", -1.5, 2.5);
        var whole = builder.AddInteger("INTEGER i", -9, -1);
        builder.AddCategorical("record", [new Layer(0.5, -1), new Layer(1.5, -2)]);
        builder.AddCategorical("tuple", [(0.25, -3), (0.75, 4)]);
        builder.AddCategorical("decimal", [-0.5m, 12345.75m]);
        builder.AddCategorical("float", [-0.1f, 1e30f]);
        builder.AddCategorical("date", [new DateOnly(2026, 11, 24), new DateOnly(1999, 1, 2)]);
        builder.AddBoolean("flag", activeWhen: whole.Is(-3));
        builder.Require("rate is not -1.5", configuration => configuration.Get(rate) != -1.5);
        var space = builder.Build();
        var random = new RandomSource(1);
        var texts = Enumerable.Range(0, 20).Select(_ => space.Sample(random).ToString()).ToList();
        texts.AddRange(space.Hyperparameters.Select(h => $"{h.Name} {SearchSpaceBuilder.Describe(h.Domain)} {h.ActiveWhen}"));

        texts.Add(Assert.ThrowsExactly<SearchSpaceException>(() => space.Configure(set => set.Set("rate", -2.5).Set("record", -0.5).Set("tuple", (0.5, -1)))).Message);
        var wrong = new SearchSpaceBuilder();
        wrong.AddInteger("a", -5, -7);
        wrong.AddInteger("b", -10, 0, step: 3);
        wrong.AddInteger("c", -10, -5, step: 100);
        wrong.AddReal("d", -0.5, 0.75, step: 0.5, defaultValue: -1.25);
        wrong.AddReal("e", -0.5, 1, Scale.Log);
        wrong.AddReal("f", -0.5, 1, step: 1e-12);
        wrong.AddReal("g", -0.5, 1, defaultValue: -1.25);
        texts.Add(Assert.ThrowsExactly<SearchSpaceException>(wrong.Build).Message);
        return string.Join('\n', texts);
    }

    private static string In(string culture, Func<string> texts)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo(culture);
        try
        {
            return texts();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
