using AutoTune.Tuners.FrugalSearch;
using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Tests.GaussianProcess;

namespace AutoTune.Tuners.Tests.FrugalSearch;

[TestClass]
public sealed class LocalSearchTests
{
    [TestMethod]
    public void Move_InOneDimension_FollowsFlow2AsCalculatedByHand()
    {
        var search = Search(Fixtures.Cube(1), 0.5);
        Assert.AreEqual(0.5, Move(search, 0)[0], "the start itself comes first");
        Tell(search, 1, 0.5);

        // x + u delta, then x - u delta; u is 1 or -1.
        var first = Move(search, 0)[0];
        Assert.AreEqual(0.1, Math.Abs(first - 0.5), 1e-15);
        Assert.AreEqual(1 - first, Move(search, 1)[0], 1e-15);

        // Two moves without success: K = 3 trials, the best was the first, so delta shrinks by root 1/3.
        Tell(search, 2, first);
        Tell(search, 3, 1 - first);
        Assert.AreEqual(0.1 / Math.Sqrt(3), search.Step, 1e-15);
        var shorter = Move(search, 2)[0];
        Assert.AreEqual(0.1 / Math.Sqrt(3), Math.Abs(shorter - 0.5), 1e-15);

        // A success moves the incumbent, and its direction is tried once more, twice as far, before both ways of a new one.
        Tell(search, 0.5, shorter);
        Assert.AreEqual(2, search.Epoch);
        Assert.AreEqual(shorter + 2 * (shorter - 0.5), Move(search, 0)[0], 1e-15);
        Assert.AreEqual(2 * shorter, Move(search, 1)[0] + Move(search, 2)[0], 1e-15);

        // The second success in a row makes delta half as long again.
        Tell(search, 0.4, Move(search, 0)[0]);
        Assert.AreEqual(1.5 * 0.1 / Math.Sqrt(3), search.Step, 1e-15);
    }

    [TestMethod]
    public void Move_InSeveralDimensions_StepsBothWaysAlongADirectionOfRootDLength()
    {
        var search = Search(Fixtures.Cube(4), 0.5, 0.5, 0.5, 0.5);
        Tell(search, 1, 0.5, 0.5, 0.5, 0.5);
        double[] forward = Move(search, 0), back = Move(search, 1), other = Move(search, 2);
        Assert.AreEqual(0.2, Math.Sqrt(forward.Sum(x => (x - 0.5) * (x - 0.5))), 1e-12);
        for (var j = 0; j < 4; j++) Assert.AreEqual(1, forward[j] + back[j], 1e-12);
        CollectionAssert.AreNotEqual(forward, other);
    }

    [TestMethod]
    public void Move_BeyondTheEnd_LandsOnIt()
    {
        var search = Search(Fixtures.Cube(1), 0.03);
        Tell(search, 1, 0.03);
        Assert.AreEqual(0, Math.Min(Move(search, 0)[0], Move(search, 1)[0]));
    }

    [TestMethod]
    public void Tell_OfAMoveFromAnEarlierIncumbent_CountsWhereItIsBetterOnly()
    {
        var search = Search(Fixtures.Cube(1), 0.5);
        Tell(search, 1, 0.5);
        Tell(search, 0.5, 0.6);
        search.Tell(1, [0.4], [true], new Standing(0, 0.8));
        Assert.AreEqual((2, 0), (search.Epoch, search.ToldMoves));
        search.Tell(1, [0.4], [true], new Standing(0, 0.3));
        Assert.AreEqual((3, 0.4), (search.Epoch, search.Incumbent[0]));
    }

    [TestMethod]
    public void Move_OverChoicesAlone_ChangesOneAtATimeToAnyOtherValue()
    {
        var builder = new SearchSpaceBuilder();
        builder.AddCategorical<string>("a", ["1", "2", "3"]);
        builder.AddCategorical<string>("b", ["1", "2", "3"]);
        var space = builder.Build();
        var (first, second, third) = (space.Encoding.Dimensions[0].UnitOfLevel(0), space.Encoding.Dimensions[0].UnitOfLevel(1), space.Encoding.Dimensions[0].UnitOfLevel(2));
        var search = Search(space, second, second);
        Tell(search, 1, second, second);
        var seen = Enumerable.Range(0, 60).Select(index => Move(search, index)).Select(point => (point[0], point[1])).Distinct().Order().ToArray();
        CollectionAssert.AreEqual(new[] { (first, second), (second, first), (second, third), (third, second) }, seen);
    }

    [TestMethod]
    public void HasConverged_AfterManyMovesWithoutSuccess_IsTrue()
    {
        var search = Search(Fixtures.Cube(2), 0.5, 0.5);
        Tell(search, 1, 0.5, 0.5);
        var moves = 0;
        while (!search.HasConverged && moves < 100)
        {
            Tell(search, 2, Move(search, search.ToldMoves));
            moves++;
        }

        Assert.IsTrue(search.HasConverged && moves > 4, $"{moves} moves, step {search.Step}");
    }

    private static LocalSearch Search(SearchSpace space, params double[] start)
        => new(new SpaceLayout(space), 0.1, new RandomSource(3), start, new Standing(0, double.NaN));

    private static double[] Move(LocalSearch search, int index)
    {
        var unit = new double[search.Incumbent.Length];
        search.Move(index, 0, unit);
        return unit;
    }

    private static void Tell(LocalSearch search, double loss, params double[] unit)
    {
        var active = new bool[unit.Length];
        Array.Fill(active, true);
        search.Tell(search.Epoch, unit, active, new Standing(0, loss));
    }
}
