using AutoTune.Tuners.Architecture;
using AutoTune.Tuners.Tests.GaussianProcess;

namespace AutoTune.Tuners.Tests.Architecture;

[TestClass]
public sealed class ArchitectureTunerTests
{
    private static readonly ArchitectureOptions Quick = new() { TrainingSteps = 100, Networks = 3, Candidates = 300 };

    [TestMethod]
    public void Backward_OfANetwork_IsTheDerivativeOfItsOutput()
    {
        var (space, cell) = Cells(4, withRate: true);
        var layout = new SketchLayout(space, [cell]);
        var random = new RandomSource(1);
        var network = new ArchitectureNetwork(layout, random);
        for (var i = 0; i < network.Weights.Length; i++) network.Weights[i] += 0.1 * random.NextGaussian();
        var sketch = layout.Of(space.Configure(set => set.Set("cell.0-1", "conv").Set("cell.0-2", "skip").Set("cell.1-2", "pool").Set("cell.0-3", "conv").Set("cell.1-3", "skip").Set("cell.2-3", "conv")));
        network.Predict(sketch);
        var gradient = new double[network.Weights.Length];
        network.Backward(gradient, sketch, 1);
        for (var i = 0; i < gradient.Length; i += 7)
        {
            var before = network.Weights[i];
            network.Weights[i] = before + 1e-5;
            var up = network.Predict(sketch);
            network.Weights[i] = before - 1e-5;
            var down = network.Predict(sketch);
            network.Weights[i] = before;
            Assert.AreEqual((up - down) / 2e-5, gradient[i], 1e-4, $"weight {i}");
        }
    }

    [TestMethod]
    public void Predict_OfCellsThatAreEqualInFunction_IsTheSame()
    {
        var (space, cell) = Cells(4, withRate: false);
        var layout = new SketchLayout(space, [cell]);
        var network = new ArchitectureNetwork(layout, new RandomSource(1));
        var one = layout.Of(space.Configure(set => set.Set("cell.0-1", "conv").Set("cell.0-2", "pool").Set("cell.1-2", "none").Set("cell.0-3", "none").Set("cell.1-3", "conv").Set("cell.2-3", "skip")));
        var other = layout.Of(space.Configure(set => set.Set("cell.0-1", "pool").Set("cell.0-2", "conv").Set("cell.1-2", "none").Set("cell.0-3", "none").Set("cell.1-3", "skip").Set("cell.2-3", "conv")));
        Assert.AreEqual(one.Key, other.Key);
        Assert.AreEqual(network.Predict(one), network.Predict(other), 1e-12);
    }

    [TestMethod]
    public void Learn_FromCellsWhoseDepthDecides_TellsOthersOfThem()
    {
        var (space, cell) = Cells(4, withRate: false);
        var layout = new SketchLayout(space, [cell]);
        var random = new RandomSource(3);
        List<(Sketch Sketch, double Loss)> all = [.. Enumerable.Range(0, 120).Select(_ => space.Sample(random)).Select(c => (layout.Of(c), Loss(cell, c)))];
        var network = new ArchitectureNetwork(layout, random);
        network.Learn([.. all.Take(60).Select(one => one.Sketch)], [.. all.Take(60).Select(one => one.Loss)], 400, random);
        var rest = all.Skip(60).ToList();
        var mean = rest.Average(one => one.Loss);
        var left = rest.Sum(one => Math.Pow(network.Predict(one.Sketch) - one.Loss, 2)) / rest.Sum(one => Math.Pow(one.Loss - mean, 2));
        Assert.IsLessThan(0.5, left, "the share of the variance that is not explained");
    }

    [TestMethod]
    public void Ask_OverAStudy_NeverProposesACellThatIsEqualInFunctionOrLeadsNowhere()
    {
        var (space, cell) = Cells(4, withRate: false);
        var layout = new SketchLayout(space, [cell]);
        var told = Tuner(space, cell).Drive(c => Loss(cell, c), 40);
        var sketches = told.Select(trial => layout.Of(trial.Configuration)).ToList();
        Assert.IsTrue(sketches.TrueForAll(sketch => sketch.IsConnected));
        Assert.AreEqual(40, sketches.Select(sketch => sketch.Key).Distinct().Count());
    }

    [TestMethod]
    public void Ask_WhenAllFunctionsAreKnown_ProposesThemWrittenOtherwiseAndLastWhatLeadsNowhere()
    {
        var (space, cell) = Cells(3, withRate: false);
        var layout = new SketchLayout(space, [cell]);
        var sketches = Tuner(space, cell).Drive(c => Loss(cell, c), 64).ConvertAll(trial => layout.Of(trial.Configuration));
        var functions = sketches.TakeWhile(sketch => sketch.IsConnected).Select(sketch => sketch.Key).Distinct().Count();
        Assert.AreEqual(functions, sketches.Take(functions).Select(sketch => sketch.Key).Distinct().Count(), "each function once before any twice");
        Assert.IsTrue(sketches.SkipWhile(sketch => sketch.IsConnected).All(sketch => !sketch.IsConnected));
        Assert.AreEqual(7, sketches.Count(sketch => !sketch.IsConnected)); // no edge to the output but from what nothing leads to: 1 of 4 by 7 of 16
    }

    [TestMethod]
    public void Ask_BesideAnotherHyperparameter_FindsBoth()
    {
        var (space, cell) = Cells(4, withRate: true);
        var rate = space.Hyperparameters.OfType<Hyperparameter<double>>().Single();
        double Both(Configuration c) => Loss(cell, c) + Math.Pow(Math.Log10(c.Get(rate)) + 3, 2);
        var found = Enumerable.Range(0, 5).Select(seed => Tuner(space, cell, seed).Drive(Both, 40, seed).Min(trial => trial.Loss!.Value)).Order().ElementAt(2);
        var random = Enumerable.Range(0, 5).Select(seed => new RandomSource(seed)).Select(source => Enumerable.Range(0, 40).Min(_ => Both(space.Sample(source)))).Order().ElementAt(2);
        Assert.IsLessThan(random - 0.3, found, $"{found} against {random}");
    }

    // Architectures by the networks, the real hyperparameter by the gradients that trials tell.
    [TestMethod]
    public async Task UseArchitectureSearch_WithGradientsInside_FindsTheCellAndItsRate()
    {
        var builder = new SearchSpaceBuilder();
        var cell = builder.AddCell("cell", 4, ["none", "skip", "conv", "pool"], none: "none", skip: "skip");
        var strength = builder.AddReal("strength", 0, 1);
        var result = await new StudyBuilder("cells").WithSearchSpace(builder).ForTrials(40)
            .UseHybrid(h => h.Alternate(s => s.UseArchitectureSearch([cell], Quick), s => s.UseGradient()))
            .RunAsync(trial =>
            {
                var away = trial.Configuration.Get(strength) - 0.2 * cell.Of(trial.Configuration).Edges.Length / 6;
                return new TrialValues(Loss(cell, trial.Configuration) + away * away).WithGradient(strength, 2 * away);
            });
        Assert.AreEqual(20, result.View.Trials.Count(trial => trial.Origin == "gradient descent"));
        Assert.IsLessThan(1e-9, result.BestValue); // three convolutions in a row
    }

    [TestMethod]
    public async Task UseArchitectureSearch_InAStudy_SearchesTheCell()
    {
        var builder = new SearchSpaceBuilder();
        var cell = builder.AddCell("cell", 4, ["none", "skip", "conv", "pool"], none: "none", skip: "skip");
        var result = await new StudyBuilder("cells").WithSearchSpace(builder).UseArchitectureSearch([cell], Quick).ForTrials(25).RunAsync(trial => Loss(cell, trial.Configuration));
        Assert.IsTrue(result.View.Trials.All(trial => trial.Origin == "architecture search"), "it never failed");
    }

    [TestMethod]
    public void UseArchitectureSearch_OfWhatIsNoCellOfTheSpace_SaysSo()
    {
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new StudyBuilder("s").UseArchitectureSearch([])).Message, "UseArchitectureSearch was given no cell; declare one with space.AddCell");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new StudyBuilder("s").UseArchitectureSearch([Cells(3, false).Cell], new() { Networks = 1 })).Message,
            "ArchitectureOptions.Networks is 1; it must be at least 2.");
        var (_, foreign) = Cells(3, withRate: false);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Tuner(Fixtures.Cube(1), foreign));
        StringAssert.Contains(error.Message, "Cell 'cell': its choice 'cell.0-1' is not in the study's space; give UseArchitectureSearch the cells that were declared in the space of WithSearchSpace.");
    }

    [TestMethod]
    public void Ask_WithAFixedSeed_ProposesWhatItAlwaysDid()
    {
        var (space, cell) = Cells(4, withRate: true);
        var told = Tuner(space, cell).Drive(c => Loss(cell, c), 16);
        var golden = new[] { told[1], told[8], told[15] }.Select(trial => trial.Configuration.ToString()).ToArray();
        CollectionAssert.AreEqual(Golden, golden, string.Join(Environment.NewLine, golden));
    }

    // Made with this code; portable arithmetic makes it hold on every machine. A change of the search changes it, and its commit says why.
    private static readonly string[] Golden =
    [
        "cell.0-1=skip, cell.0-2=pool, cell.1-2=none, cell.0-3=pool, cell.1-3=pool, cell.2-3=skip, rate=0.020354651443178995",
        "cell.0-1=conv, cell.0-2=conv, cell.1-2=conv, cell.0-3=none, cell.1-3=conv, cell.2-3=conv, rate=0.003162277660168379",
        "cell.0-1=conv, cell.0-2=conv, cell.1-2=conv, cell.0-3=conv, cell.1-3=none, cell.2-3=conv, rate=0.06829218091826393",
    ];

    private static ArchitectureTuner Tuner(SearchSpace space, TunableCell cell, long seed = 0) => new ArchitectureTuner(space, [cell], Quick, new RandomSource(seed).Fork("tuner"));

    private static (SearchSpace Space, TunableCell Cell) Cells(int nodes, bool withRate)
    {
        var builder = new SearchSpaceBuilder();
        var cell = builder.AddCell("cell", nodes, ["none", "skip", "conv", "pool"], none: "none", skip: "skip");
        if (withRate) builder.AddReal("rate", 1e-5, 1, Scale.Log);
        return (builder.Build(), cell);
    }

    // The longest way counts its convolutions; a pool and what does not lead through cost.
    private static double Loss(TunableCell cell, Configuration configuration)
    {
        var graph = cell.Of(configuration);
        var ways = new double[graph.Nodes];
        ways.AsSpan().Fill(double.NegativeInfinity);
        ways[0] = 0;
        for (var node = 1; node < graph.Nodes; node++)
        {
            foreach (var edge in graph.Into(node)) ways[node] = Math.Max(ways[node], ways[edge.From] + edge.Operation switch { "conv" => 1, "pool" => -0.5, _ => 0 });
        }

        return double.IsFinite(ways[^1]) ? 3 - ways[^1] : 6;
    }
}
