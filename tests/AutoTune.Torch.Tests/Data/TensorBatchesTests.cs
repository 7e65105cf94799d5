using TorchSharp;

namespace AutoTune.Torch.Data;

[TestClass]
public sealed class TensorBatchesTests
{
    private torch.Tensor _inputs = null!;
    private torch.Tensor _targets = null!;

    [TestInitialize]
    public void Make()
    {
        _inputs = torch.arange(20, torch.float32).reshape(10, 2);
        _targets = torch.arange(10, torch.int64);
    }

    [TestCleanup]
    public void Free()
    {
        _inputs.Dispose();
        _targets.Dispose();
    }

    [TestMethod]
    public void Shuffled_OfAnEpoch_HasEachExampleOnceWithItsTarget()
    {
        var seen = new List<long>();
        var sizes = new List<long>();
        foreach (var (x, y) in new TensorBatches(_inputs, _targets).Shuffled(new RandomSource(1), 4))
        {
            CollectionAssert.AreEqual(y.data<long>().Select(target => 2f * target).ToArray(), x.select(1, 0).data<float>().ToArray());
            seen.AddRange(y.data<long>());
            sizes.Add(x.shape[0]);
        }

        CollectionAssert.AreEqual(new long[] { 4, 4, 2 }, sizes);
        CollectionAssert.AreNotEqual(Enumerable.Range(0, 10).Select(i => (long)i).ToArray(), seen, "shuffled");
        CollectionAssert.AreEquivalent(Enumerable.Range(0, 10).Select(i => (long)i).ToArray(), seen);
    }

    [TestMethod]
    public void Shuffled_SameSource_GivesTheSameOrder()
    {
        var batches = new TensorBatches(_inputs, _targets);
        CollectionAssert.AreEqual(Order(batches.Shuffled(new RandomSource(5), 3)), Order(batches.Shuffled(new RandomSource(5), 3)));
        CollectionAssert.AreNotEqual(Order(batches.Shuffled(new RandomSource(5), 3)), Order(batches.Shuffled(new RandomSource(6), 3)));
    }

    [TestMethod]
    public void InOrder_OfAnEpoch_IsAsItStands()
        => CollectionAssert.AreEqual(Enumerable.Range(0, 10).Select(i => (long)i).ToArray(), Order(new TensorBatches(_inputs, _targets).InOrder(3)));

    [TestMethod]
    public void Batches_OfALoopThatMakesTensors_LeaveNone()
    {
        var batches = new TensorBatches(_inputs, _targets);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        foreach (var (x, _) in batches.Shuffled(new RandomSource(1), 3)) _ = (x * 2).sum();
        foreach (var (x, _) in batches.InOrder(3)) _ = (x * 2).sum();
        foreach (var (x, _) in batches.Shuffled(new RandomSource(1), 3))
        {
            _ = x * 2;
            break; // left on the way
        }

        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    public void Batches_TensorMovedOut_LivesInTheScopeAroundTheLoop()
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor? largest = null;
        foreach (var (x, _) in new TensorBatches(_inputs, _targets).Shuffled(new RandomSource(1), 3)) largest = x.max().MoveToOuterDisposeScope();
        Assert.IsFalse(largest!.IsInvalid);
        _ = largest.item<float>();
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(11)]
    public void Batches_SizeOutOfRange_SaysSoAtOnce(int size)
    {
        var batches = new TensorBatches(_inputs, _targets);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => { batches.Shuffled(new RandomSource(1), size); });
        StringAssert.StartsWith(error.Message, $"The batch size {size} must be from 1 to 10, the number of examples.");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => { batches.InOrder(size); });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => batches.BatchCount(size));
    }

    [TestMethod]
    public void BatchCount_OfASizeThatDoesNotDivide_CountsTheRest() => Assert.AreEqual(4, new TensorBatches(_inputs, _targets).BatchCount(3));

    [TestMethod]
    public void New_LengthsThatDiffer_SaysBoth()
    {
        using var nine = _targets.narrow(0, 0, 9);
        var error = Assert.ThrowsExactly<ArgumentException>(() => new TensorBatches(_inputs, nine));
        StringAssert.StartsWith(error.Message, "There are 10 inputs [10, 2] and 9 targets [9]; each input needs one target.");
    }

    [TestMethod]
    public void New_NoExamples_SaysSo()
    {
        using var none = torch.zeros(0, 3);
        var error = Assert.ThrowsExactly<ArgumentException>(() => new TensorBatches(none, _targets));
        StringAssert.StartsWith(error.Message, "The inputs have shape [0, 3]; the first dimension counts the examples, of which there must be one.");
    }

    private static List<long> Order(IEnumerable<TensorBatch> batches)
    {
        var order = new List<long>();
        foreach (var (_, y) in batches) order.AddRange(y.data<long>());
        return order;
    }
}
