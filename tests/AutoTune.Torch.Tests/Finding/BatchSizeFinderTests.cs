using TorchSharp;
using static TorchSharp.torch;

namespace AutoTune.Torch.Finding;

[TestClass]
public sealed class BatchSizeFinderTests
{
    [TestMethod]
    public void Find_UntilMemoryRunsOut_DoublesAndThenHalvesTheGap()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Linear(4, 1);
        using var optimizer = optim.AdamW(net.parameters(), .1);
        var before = net.weight!.data<float>().ToArray();
        // libtorch's own refusal: from 100 examples on it is asked for more than any machine has.
        var found = BatchSizeFinder.Find(net, optimizer, size => net.call(ones(size, 4)).mean() + (size < 100 ? 0 : zeros(1L << 50).sum()));
        Assert.AreEqual("1 2 4 8 16 32 64 128! 96 112! 104! 100!", string.Join(" ", found.Tries.Select(attempt => $"{attempt.Size}{(attempt.Fits ? "" : "!")}")));
        Assert.AreEqual(96, found.Largest);
        Assert.AreEqual("96: a batch of 100 ran out of memory", found.Reason);
        CollectionAssert.AreEqual(before, net.weight.data<float>().ToArray());
    }

    [TestMethod]
    public void Find_WhereEverythingFits_EndsAtTheLimit()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Linear(4, 1);
        var found = BatchSizeFinder.Find(net, null, size => net.call(ones(size, 4)).mean(), new BatchSizeOptions { Smallest = 8, Largest = 100 });
        Assert.AreEqual("8 16 32 64 100", string.Join(" ", found.Tries.Select(attempt => attempt.Size)));
        Assert.AreEqual("100: it fits, and is the largest that was to be tried", found.Reason);
        Assert.IsNull(net.weight!.grad);
    }

    [TestMethod]
    public void Find_WithALimitOfBytes_EndsBelowIt()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Linear(4, 1);
        long peak = 1_000;
        var found = BatchSizeFinder.Find(net, null, size =>
        {
            peak = Math.Max(peak, 1_000 + 10 * size);
            return net.call(ones(size, 4)).mean();
        }, new BatchSizeOptions { MemoryLimit = 500, Memory = () => peak });
        Assert.AreEqual(32, found.Largest);
        Assert.AreEqual("32: a batch of 64 takes 640 bytes, above the limit of 500", found.Reason);
    }

    [TestMethod]
    public void Find_WhereNothingFits_SaysSo()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Linear(4, 1);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => BatchSizeFinder.Find(net, null, _ => zeros(1L << 50)));
        Assert.AreEqual("Not even the smallest batch fits: a batch of 1 ran out of memory. Use a smaller network, or another device.", error.Message);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => BatchSizeFinder.Find(net, null, size => net.call(ones(size + 1, 4)))).Message, "The loss has shape [2, 1]; a training steps down a scalar");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => BatchSizeFinder.Find(net, null, _ => zeros(1), new BatchSizeOptions { Largest = 0 })).Message, "Batch sizes from 1 to 0");
    }
}
