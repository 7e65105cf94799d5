using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AutoTune.Torch.Transfer;

[TestClass]
public sealed class TransferTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("autotune-torch").FullName;

    [TestCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Freeze_ByName_FreezesWhatIsWithin()
    {
        using var net = Net(3);
        Assert.AreEqual(6, net.Freeze("body"));
        CollectionAssert.AreEqual(new[] { "top.weight", "top.bias", "head.weight", "head.bias" }, Free(net));
        using var other = Net(3);
        Assert.AreEqual(3, other.Freeze("body.a", "head.bias"));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => other.Freeze("bod")).Message, "No layer is named 'bod', so nothing is frozen by it; the network has body.a, body.b, top, head.");
    }

    [TestMethod]
    public void FreezeFirst_Layers_CountsNormsWithTheirLayer()
    {
        using var net = Net(3);
        CollectionAssert.AreEqual(new[] { "body.a" }, net.FreezeFirst(1).ToArray());
        CollectionAssert.AreEqual(new[] { "body.b.weight", "body.b.bias", "top.weight", "top.bias", "head.weight", "head.bias" }, Free(net), "the norm is frozen with the layer before it");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => net.FreezeFirst(4)).Message, "The network has 4 layers (body.a, body.b, top, head); freeze from 0 to 3 of them.");
    }

    [TestMethod]
    public void GroupByLayer_WithADecay_LowersTheRateFromTheOutputToTheInput()
    {
        using var net = Net(3);
        net.FreezeFirst(1);
        var groups = net.GroupByLayer(.5);
        CollectionAssert.AreEqual(new[] { ("body.b", .25, 2), ("top", .5, 2), ("head", 1.0, 2) }, groups.Select(group => (group.Name, group.RateFactor, group.Parameters.Length)).ToArray());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => net.GroupByLayer(0));
        net.Freeze("body", "top", "head");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => net.GroupByLayer()).Message, "has no parameters to train: all are frozen.");
    }

    [TestMethod]
    public void AddTransfer_WithAnOptimizer_TrainsTheRestAtRatesOfTheirOwn()
    {
        var space = new SearchSpaceBuilder();
        var transfers = space.AddTransfer("transfer");
        var optimizers = space.AddOptimizer("optimizer", o => o.Sgd(new SgdOptions { LearningRate = .1, Momentum = 0, Nesterov = false, WeightDecay = 0 }));
        var configuration = space.Build().Configure(set => set.Set("transfer.FrozenShare", .4).Set("transfer.RateDecay", .5));
        using var scope = NewDisposeScope();
        using var net = Net(3);
        var before = net.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.clone());
        using var optimizer = optimizers.Create(configuration, transfers.Apply(configuration, net));
        CollectionAssert.AreEqual(new[] { .025, .05, .1 }, optimizer.ParamGroups.Select(group => group.LearningRate).ToArray());
        net.call(randn(5, 4)).square().sum().backward();
        optimizer.step();
        foreach (var (name, parameter) in net.named_parameters())
            Assert.AreEqual(name.StartsWith("body.a", StringComparison.Ordinal) || name.StartsWith("body.norm", StringComparison.Ordinal), parameter.allclose(before[name]), name);
    }

    [TestMethod]
    public void Load_OfANetworkWithAnotherHead_LoadsTheRestAndSaysWhatNot()
    {
        using var scope = NewDisposeScope();
        using var old = Net(10);
        var file = Path.Combine(_folder, "old.dat");
        old.save(file);
        using var net = Net(3, more: true);
        var before = net.state_dict()["head.weight"].clone();
        var loaded = PretrainedWeights.Load(net, file);
        Assert.AreEqual("11 tensors loaded; of another shape, left as they were: head.weight ([10, 6] there, [3, 6] here), head.bias ([10] there, [3] here); not in the file, left as they were: more.weight, more.bias", loaded.ToString());
        Assert.IsTrue(net.state_dict()["body.b.weight"].equal(old.state_dict()["body.b.weight"]).all().item<bool>());
        Assert.IsTrue(net.state_dict()["head.weight"].allclose(before));
        Assert.IsFalse(loaded.IsWhole);
        Assert.AreEqual("more.bias, more.weight", string.Join(", ", PretrainedWeights.Load(old, net.state_dict()).Unused));
        using var same = Net(10);
        Assert.IsTrue(PretrainedWeights.Load(same, file).IsWhole);
    }

    [TestMethod]
    public void Load_OfWhatDoesNotFit_SaysSo()
    {
        using var scope = NewDisposeScope();
        using var net = Net(3);
        var file = Path.Combine(_folder, "text.dat");
        File.WriteAllText(file, "This is no network.");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => PretrainedWeights.Load(net, file)).Message, $"The file '{file}' is no network that net.save wrote, or it is cut short:");
        using var other = nn.Sequential(("x", nn.Linear(2, 2)));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => PretrainedWeights.Load(net, other.state_dict())).Message, "Nothing of the state that was given fits the network Sequential: 0 tensors loaded");
        var cut = Path.Combine(_folder, "cut.dat");
        net.save(cut);
        File.WriteAllBytes(cut, File.ReadAllBytes(cut)[..100]);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => PretrainedWeights.Load(net, cut)).Message, "or it is cut short");
    }

    private static string[] Free(nn.Module net) => [.. net.named_parameters().Where(named => named.parameter.requires_grad).Select(named => named.name).OrderBy(name => Array.IndexOf(["body", "top", "head"], name.Split('.')[0]))];

    private static Sequential Net(int classes, bool more = false)
    {
        var net = nn.Sequential(
            ("body", nn.Sequential(("a", nn.Linear(4, 5)), ("norm", nn.BatchNorm1d(5)), ("relu", nn.ReLU()), ("b", nn.Linear(5, 6)))),
            ("top", nn.Linear(6, 6)), ("head", nn.Linear(6, classes)));
        if (more) net.append("more", nn.Linear(classes, 2));
        return net;
    }
}
