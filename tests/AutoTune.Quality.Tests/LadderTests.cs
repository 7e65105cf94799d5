using AutoTune.Quality.Problems;
using AutoTune.Quality.Simulating;

namespace AutoTune.Quality.Tests;

[TestClass]
public sealed class LadderTests
{
    [TestMethod]
    public void Of_Epochs_AreTheSteps()
    {
        var ladder = Ladder.Of(Example.Problem(new Fidelity("epoch", 1, 52, IsWhole: true)))!;
        Assert.AreEqual((StepKind.Epochs, 52), (ladder.Kind, ladder.Count));
        Assert.AreEqual((17.0, 1.0), (ladder.At(17), ladder.CostOf(17)));
    }

    [TestMethod]
    public void Of_FewerEpochs_AreAtEqualDistancesInTheTraining()
    {
        var ladder = Ladder.Of(Example.Problem(new Fidelity("epoch", 1, 52, IsWhole: true)), 10)!;
        Assert.AreEqual((10, 1.0), (ladder.Count, ladder.CostOf(1)));
        CollectionAssert.AreEqual(new[] { 5.0, 10, 16, 21, 26, 31, 36, 42, 47, 52 }, Enumerable.Range(1, 10).Select(ladder.At).ToArray());
        Assert.AreEqual(52, Ladder.Of(Example.Problem(new Fidelity("epoch", 1, 52, IsWhole: true)), 100)!.Count);
        Assert.AreEqual(27, Ladder.Of(Example.Problem(Example.Shares), 10)!.Count);
    }

    [TestMethod]
    [DataRow(0.05, 27)]
    [DataRow(0.03, 27)]
    [DataRow(0.02, 27)]
    [DataRow(0.0123, 81)]
    [DataRow(0.001, 729)]
    public void Of_Shares_GoDownByThreesToTheLowestThatIsKnown(double low, int count)
        => Assert.AreEqual(count, Ladder.Of(Example.Problem(new Fidelity("trainsize", low, 1, IsWhole: false)))!.Count);

    [TestMethod]
    public void CostOf_AShare_IsThatOfItsTraining()
    {
        var ladder = Ladder.Of(Example.Problem(Example.Shares))!;
        Assert.AreEqual(9, ladder.CostOf(9), 1e-12);
        Assert.AreEqual(1.0 / 3, ladder.At(9), 1e-12);
        Assert.AreEqual(0.05, ladder.At(1), 1e-12); // 1/27 is less than is known
        Assert.AreEqual(1.35, ladder.CostOf(1), 1e-12);
    }

    [TestMethod]
    public void Of_NoFidelity_HasNoSteps() => Assert.IsNull(Ladder.Of(Example.Problem(null)));

    [TestMethod]
    public void Curve_EpochsInOrder_AreEachEvaluatedOnce()
    {
        var example = new Example();
        var ladder = Ladder.Of(Example.Problem(new Fidelity("epoch", 1, 52, IsWhole: true)))!;
        var curve = new LossCurve(example, Example.At(0.25), ladder);
        for (var step = 1; step <= 52; step++) Assert.AreEqual(Example.Loss(0.25, step), curve.At(step));
        Assert.AreEqual(Example.Loss(0.25, 52), curve.Full);
        Assert.AreSequenceEqual(Enumerable.Range(1, 52).Select(step => (0.25, (double)step)), example.Evaluated);
    }

    [TestMethod]
    public void Curve_FullAlone_IsOneEvaluation()
    {
        var example = new Example();
        _ = new LossCurve(example, Example.At(0.25), Ladder.Of(Example.Problem(Example.FourEpochs))!).Full;
        Assert.HasCount(1, example.Evaluated);
    }
}
