using AutoTune.Tuners.Populations;
using AutoTune.Tuners.Tests.GaussianProcess;

namespace AutoTune.Tuners.Tests.Populations;

[TestClass]
public sealed class RoundingTests
{
    private static readonly SearchSpace Space = Fixtures.MixedSpace();

    [TestMethod]
    public void ToValue_OfAnyNumber_IsTheCentreOfABinOrTheNumberItself()
    {
        var random = new RandomSource(3);
        for (var i = 0; i < 2000; i++)
        {
            foreach (var dimension in Space.Encoding.Dimensions.Where(dimension => dimension.IsOrdered))
            {
                var unit = 3 * random.NextDouble() - 1;
                var value = dimension.ToValue(unit, random);
                Assert.AreEqual(dimension.Levels is null ? Math.Clamp(unit, 0, 1) : dimension.Snap(value), value, 1e-12, dimension.Hyperparameter.Name);
            }
        }
    }

    // Bins of a log scale too: between its first and last centre.
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(8)]
    public void ToValue_ManyTimes_IsTheNumberOnAverage(int index)
    {
        var dimension = Space.Encoding.Dimensions[index];
        foreach (var unit in new[] { 0.2, 0.37, 0.5, 0.81 })
        {
            var random = new RandomSource(5);
            Assert.AreEqual(unit, Enumerable.Range(0, 20_000).Average(_ => dimension.ToValue(unit, random)), 0.005, dimension.Hyperparameter.Name);
        }
    }

    [TestMethod]
    public void OtherValue_OfAChoice_IsAnyOfTheOthersAlike()
    {
        var choice = Space.Encoding.Dimensions[3];
        var random = new RandomSource(5);
        var own = choice.UnitOfLevel(1);
        var others = Enumerable.Range(0, 3000).Select(_ => choice.OtherValue(own, random)).GroupBy(unit => unit).ToDictionary(group => group.Key, group => group.Count());
        Assert.HasCount(2, others);
        Assert.AreEqual(1500, others[choice.UnitOfLevel(0)], 120);
        Assert.AreEqual(1500, others[choice.UnitOfLevel(2)], 120);
    }
}
