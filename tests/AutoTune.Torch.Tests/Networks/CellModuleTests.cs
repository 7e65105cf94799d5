using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AutoTune.Torch.Tests.Networks;

[TestClass]
public sealed class CellModuleTests
{
    // 0 -conv-> 1 -skip-> 3, 0 -skip-> 3, and 0 -conv-> 2, which nothing reads.
    private static readonly CellGraph Graph = new(4, [new(0, 1, "conv"), new(0, 2, "conv"), new(0, 3, "skip"), new(1, 3, "skip")]);

    [TestMethod]
    public void Forward_OfAGraph_SumsWhatEachNodesEdgesBring()
    {
        using var cell = new CellModule(Graph, Make);
        using var input = arange(6, dtype: ScalarType.Float32).reshape(2, 3);
        using var output = cell.call(input);
        using var alone = ((Module<Tensor, Tensor>)cell.named_children().Single(child => child.name == "edge 0-1").module).call(input);
        using var expected = input + alone;
        Assert.IsTrue(allclose(expected, output));
        Assert.AreEqual("0-1 0-3 1-3", string.Join(' ', cell.Edges.Select(edge => $"{edge.From}-{edge.To}")));
        Assert.AreEqual("edge 0-1.weight edge 0-1.bias", string.Join(' ', cell.named_parameters().Select(named => named.name)), "edges that lead nowhere have no parameters");
    }

    [TestMethod]
    public void Forward_OfACell_LeavesNoTensorButItsOutputAndItsInputAlone()
    {
        using var cell = new CellModule(Graph, Make);
        using var skips = new CellModule(new(2, [new(0, 1, "skip")]), Make);
        using var input = ones(2, 3);
        foreach (var module in new[] { cell, skips })
        {
            using var scope = NewDisposeScope();
            using var output = module.call(input);
            Assert.AreEqual(1, scope.DisposablesCount, module.ToString());
        }

        Assert.IsFalse(input.IsInvalid);
        Assert.AreEqual(6, input.sum().ToSingle());
    }

    [TestMethod]
    public void Backward_ThroughACell_ReachesTheWeightsOfEachEdge()
    {
        using var cell = new CellModule(new(3, [new(0, 1, "conv"), new(0, 2, "conv"), new(1, 2, "conv")]), Make);
        using var input = ones(2, 3);
        cell.call(input).square().sum().backward();
        Assert.IsTrue(cell.parameters().All(parameter => parameter.grad is { } grad && grad.abs().sum().ToSingle() > 0));
        Assert.AreEqual(6, cell.parameters().Count());
    }

    [TestMethod]
    public async Task UseArchitectureSearch_OfNetworks_LearnsWhichCellFits()
    {
        // The target is the rectified difference of the inputs: a cell must have a layer.
        var space = new SearchSpaceBuilder();
        var cell = space.AddCell("cell", 3, ["none", "skip", "conv"], none: "none", skip: "skip");
        using var inputs = rand([64, 3], generator: new Generator(1));
        using var targets = (inputs.select(1, 0) - inputs.select(1, 1)).relu().unsqueeze(1).expand(64, 3).contiguous();
        var result = await new StudyBuilder("cells").WithSearchSpace(space).UseArchitectureSearch([cell], new() { InitialTrials = 4 }).ForTrials(12).RunAsync(trial =>
        {
            using var scope = NewDisposeScope();
            random.manual_seed(trial.Random.NextSeed());
            using var net = new CellModule(cell.Of(trial.Configuration), Make);
            if (!net.parameters().Any()) return functional.mse_loss(net.call(inputs), targets).ToDouble();
            using var optimizer = optim.Adam(net.parameters(), 0.02);
            for (var epoch = 0; epoch < 60; epoch++)
            {
                optimizer.zero_grad();
                functional.mse_loss(net.call(inputs), targets).backward();
                optimizer.step();
            }

            return functional.mse_loss(net.call(inputs), targets).ToDouble();
        });
        Assert.IsTrue(result.View.Trials.All(trial => trial is { State: TrialState.Completed, Origin: "architecture search" }));
        Assert.IsTrue(cell.Of(result.BestConfiguration).Edges.Any(edge => edge.Operation == "conv"), cell.Of(result.BestConfiguration).ToString());
    }

    [TestMethod]
    public void CellModule_OfWhatIsNoCell_SaysWhy()
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new CellModule(new(3, [new(1, 2, "conv")]), Make)).Message, "The cell (1: nothing; 2: conv(1)) has no way from its input to its output; leave such cells out");
        using var one = Linear(3, 3);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new CellModule(Graph, _ => one)).Message, "The module of the edge from 0 to 3 is that of another edge, too; make one a call.");
    }

    private static Module<Tensor, Tensor> Make(CellEdge edge) => edge.Operation == "skip" ? Identity() : Linear(3, 3);
}
