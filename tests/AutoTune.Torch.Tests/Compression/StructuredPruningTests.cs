using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AutoTune.Torch.Compression;

[TestClass]
public sealed class StructuredPruningTests
{
    [TestMethod]
    public void Shrink_OfANetWithUnitsThatDoNothing_ChangesNoOutput()
    {
        using var scope = NewDisposeScope();
        using var generator = manual_seed(1);
        using var net = Picture(8, 6, 10);
        using (no_grad())
        {
            // Every other unit gives nothing on: what is left is all there is.
            var named = net.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
            named["conv2.weight"][TensorIndex.Ellipsis, TensorIndex.Slice(0, 8, 2), TensorIndex.Colon, TensorIndex.Colon] = 0;
            named["hidden.weight"].view(10, 6, 4)[TensorIndex.Colon, TensorIndex.Slice(0, 6, 2)] = 0;
            named["out.weight"][TensorIndex.Colon, TensorIndex.Slice(0, 10, 2)] = 0;
            foreach (var norm in new[] { "norm1", "norm2" }) named[$"{norm}.bias"].copy_(randn(named[$"{norm}.bias"].shape));
        }

        using (no_grad()) net.call(randn(32, 1, 8, 8)); // running means and variances
        net.eval();
        using var small = StructuredPruning.Shrink(net, .5);
        Assert.IsFalse(small.training);
        var x = randn(5, 1, 8, 8);
        using var none = no_grad();
        Assert.IsTrue(net.call(x).allclose(small.call(x), atol: 1e-5));
        CollectionAssert.AreEqual(new[] { "[4, 1, 3, 3]", "[3, 4, 3, 3]", "[5, 12]", "[3, 5]" },
            small.named_parameters().Where(pair => pair.parameter.dim() > 1).Select(pair => $"[{string.Join(", ", pair.parameter.shape)}]").ToArray());
        Assert.IsLessThan(ModelSize.Of(net).Bytes / 2, ModelSize.Of(small).Bytes);
    }

    [TestMethod]
    public void Into_ANetOfAnyWidths_KeepsTheUnitsOfLargestWeights()
    {
        using var scope = NewDisposeScope();
        using var large = nn.Sequential(("a", nn.Linear(2, 3)), ("relu", nn.ReLU()), ("b", nn.Linear(3, 2)));
        using var small = nn.Sequential(("a", nn.Linear(2, 2)), ("relu", nn.ReLU()), ("b", nn.Linear(2, 2)));
        using (no_grad())
        {
            large.parameters().First().copy_(tensor(new[] { 1f, 0, 0, 5, 3, 0 }).reshape(3, 2));
            large.parameters().Skip(2).First().copy_(tensor(new[] { 1f, 1, 1, 1, 1, 1 }).reshape(2, 3));
            large.parameters().Skip(1).First().copy_(tensor(new[] { 10f, 20, 30 }));
        }

        var kept = StructuredPruning.Into(large, small);
        CollectionAssert.AreEqual(new[] { new KeptUnits("a", 2, 3), new KeptUnits("b", 2, 2) }, kept.ToArray());
        CollectionAssert.AreEqual(new[] { 0f, 5, 3, 0 }, small.parameters().First().data<float>().ToArray(), "in their order");
        CollectionAssert.AreEqual(new[] { 20f, 30 }, small.parameters().Skip(1).First().data<float>().ToArray());
    }

    [TestMethod]
    public void Shrink_LeavesTheNetAndItsDropoutAlone()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Sequential(("a", nn.Linear(2, 8)), ("dropout", nn.Dropout(.25)), ("inner", nn.Sequential(("b", nn.Linear(8, 8)), ("gelu", nn.GELU()))), ("out", nn.Linear(8, 2)));
        var small = StructuredPruning.Shrink(net, .5);
        small.eval();
        Assert.IsTrue(net.named_modules().All(pair => pair.module.training));
        small.Dispose();
        Assert.AreEqual(2L, net.call(ones(1, 2)).shape[1]);
    }

    [TestMethod]
    public void Shrink_ActivationsAndDropoutOfImages_AreCopied()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Sequential(("a", nn.Conv2d(1, 8, 3)), ("relu6", nn.ReLU6()), ("dropout", nn.Dropout2d(.25)), ("b", nn.Conv2d(8, 8, 3)), ("elu", nn.ELU(.5)), ("c", nn.Conv2d(8, 8, 3)), ("swish", nn.Hardswish()), ("mish", nn.Mish()), ("flatten", nn.Flatten()),
            ("out", nn.Linear(32, 2)));
        net.eval();
        var x = randn(3, 1, 8, 8);
        using var whole = StructuredPruning.Shrink(net, 1);
        Assert.AreEqual(0, (net.call(x) - whole.call(x)).abs().max().item<float>());
        using var half = StructuredPruning.Shrink(net, .5);
        CollectionAssert.AreEqual(new long[] { 3, 2 }, half.call(x).shape);
    }

    [TestMethod]
    public void Structured_WithNetsThatAreNoChain_SaysWhatIsWrong()
    {
        using var scope = NewDisposeScope();
        using var recurrent = nn.Sequential(("a", nn.Linear(2, 4)), ("b", nn.Linear(3, 2)));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => StructuredPruning.Shrink(recurrent, .5)).Message, "Layer 'b' has 3 inputs, which the 4 units of 'a' before it do not give");
        using var grouped = nn.Sequential(("a", nn.Conv2d(2, 4, 3)), ("depth", nn.Conv2d(4, 4, 3, groups: 4)));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => StructuredPruning.Shrink(grouped, .5)).Message, "Layer 'depth' is a Conv2d, which is no part of a chain");
        using var strange = nn.Sequential(("a", nn.Linear(2, 4)), ("softmax", nn.Softmax(1)), ("b", nn.Linear(4, 2)));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => StructuredPruning.Shrink(strange, .5)).Message, "Layer 'softmax' is a Softmax, of which no copy is known; make the smaller network by hand and fill it by StructuredPruning.Into.");
        using var net = nn.Sequential(("a", nn.Linear(2, 4)), ("b", nn.Linear(4, 2)));
        using var other = nn.Sequential(("a", nn.Linear(3, 4)), ("b", nn.Linear(4, 2)));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => StructuredPruning.Into(net, other)).Message, "Layer 'a' is [4, 2] in the larger network and [4, 3] in the smaller");
        using var renamed = nn.Sequential(("c", nn.Linear(2, 4)), ("b", nn.Linear(4, 2)));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => StructuredPruning.Into(net, renamed)).Message, "The smaller network has the layers c [4, 2], b [2, 4], the larger a [4, 2], b [2, 4]");
        using var flat = nn.Sequential(("relu", nn.ReLU()));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => StructuredPruning.Shrink(flat, .5)).Message, "has no linear layer or convolution");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => StructuredPruning.Shrink(net, 0));
    }

    private static Sequential Picture(int first, int second, int hidden) => nn.Sequential(
        ("conv1", nn.Conv2d(1, first, 3, padding: 1)), ("norm1", nn.BatchNorm2d(first)), ("relu1", nn.ReLU()), ("pool1", nn.MaxPool2d(2)),
        ("conv2", nn.Conv2d(first, second, 3, padding: 1)), ("norm2", nn.BatchNorm2d(second)), ("relu2", nn.ReLU()), ("pool2", nn.AvgPool2d(2)),
        ("flat", nn.Flatten()), ("hidden", nn.Linear(second * 4, hidden)), ("relu3", nn.ReLU()), ("out", nn.Linear(hidden, 3)));
}
