namespace AutoTune.Tuners.Tests.Architecture;

[TestClass]
public sealed class TunableCellTests
{
    [TestMethod]
    public void AddCell_GivesAChoiceForEachPairOfNodesAndReadsTheGraphBack()
    {
        var builder = new SearchSpaceBuilder();
        var cell = builder.AddCell("cell", nodes: 3, operations: ["none", "skip", "conv", "pool"], none: "none", skip: "skip");
        var space = builder.Build();
        Assert.AreEqual("cell.0-1=conv, cell.0-2=conv, cell.1-2=conv", space.Default.ToString());
        var graph = cell.Of(space.Configure(set => set.Set("cell.0-2", "none").Set("cell.1-2", "skip")));
        Assert.AreEqual("1: conv(0); 2: skip(1)", graph.ToString());
        Assert.AreEqual(new CellGraph(3, [new CellEdge(0, 1, "conv"), new CellEdge(1, 2, "skip")]), graph);
        Assert.AreEqual("skip", graph.Into(2).Single().Operation);
        Assert.AreEqual("1: conv(0); 2: nothing", cell.Of(space.Configure(set => set.Set("cell.0-2", "none").Set("cell.1-2", "none"))).ToString());
        Assert.AreEqual("cell (3 nodes, 3 edges)", cell.ToString());
    }

    [TestMethod]
    public void AddCell_UnderACondition_HasNoEdgesWhereItDoesNotExist()
    {
        var builder = new SearchSpaceBuilder();
        var kind = builder.AddCategorical<string>("kind", ["linear", "cell"]);
        var cell = builder.AddCell("cell", 2, ["conv", "pool"], activeWhen: kind.Is("cell"));
        var space = builder.Build();
        Assert.IsEmpty(cell.Of(space.Default).Edges);
        Assert.AreEqual("1: pool(0)", cell.Of(space.Configure(set => set.Set("kind", "cell").Set("cell.0-1", "pool"))).ToString());
    }

    [TestMethod]
    public void Over_SlotsThatAreNoGraph_SaysWhy()
    {
        var builder = new SearchSpaceBuilder();
        var choice = builder.AddCategorical<string>("a", ["conv", "pool"]);
        StringAssert.Contains(Error(() => TunableCell.Over("cell", [])), "Cell 'cell' has no edge; give at least one slot, such as new CellSlot(0, 1, choice).");
        StringAssert.Contains(Error(() => TunableCell.Over("cell", [new(1, 1, choice)])), "the slot 'a' leads from node 1 to node 1; it must lead from 0 or more to a later one.");
        StringAssert.Contains(Error(() => TunableCell.Over("cell", [new(0, 1, choice), new(0, 1, choice)])), "has two slots from node 0 to node 1; give one a pair.");
        StringAssert.Contains(Error(() => TunableCell.Over("cell", [new(0, 2, choice)])), "no slot leads to node 1; number the nodes without gaps.");
        StringAssert.Contains(Error(() => TunableCell.Over("cell", [new(0, 1, choice)], skip: "skip")), "'skip' is none of its operations; name one of them, or leave it out.");
        StringAssert.Contains(Error(() => TunableCell.Over("cell", [.. Enumerable.Range(1, 12).Select(to => new CellSlot(0, to, choice))])), "has 13 nodes; it may have 12: chain several cells for more.");
        StringAssert.Contains(Error(() => builder.AddCell("cell", 1, ["conv"])), "Cell 'cell' must have from 2 to 12 nodes; chain several cells for more.");
    }

    private static string Error(Action wrong)
    {
        try
        {
            wrong();
        }
        catch (ArgumentException error)
        {
            return error.Message;
        }

        Assert.Fail("it was taken");
        return "";
    }

    [TestMethod]
    public void Cell_ThatIsNone_IsRefused()
    {
        var space = new SearchSpaceBuilder();
        var cell = space.AddCell("cell", 3, ["none", "conv"], none: "none");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new StudyBuilder("x").UseArchitectureSearch([cell, cell])).Message, "null or there twice");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new StudyBuilder("x").UseArchitectureSearch([null!])).Message, "null or there twice");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => space.AddCell("same", 3, ["none", "conv"], none: "none", skip: "none")).Message, "both no edge and an edge that changes nothing");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => TunableCell.Over("over", [null!])).Message, "a slot that is null");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new CellGraph(3, [new CellEdge(0, 5, "conv")])).Message, "The edge 0-5 of 'conv' is none of a graph of 3 nodes");
    }
}
