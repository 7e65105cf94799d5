using AutoTune.Quality.Architectures;

namespace AutoTune.Quality.Tests;

[TestClass]
public sealed class LabelKernelTunerTests
{
    // What counts is a pool that feeds a convolution that ends in the output: two of three operations in a row, seen one round out.
    [TestMethod]
    public async Task Study_OfCellsWhoseOrderOfOperationsCounts_FindsItSoonerThanAtRandom()
    {
        var kernel = await Trials((study, cell) => study.UseTuner("label kernel", (space, random) => new LabelKernelTuner(space, cell, random)));
        var random = await Trials((study, _) => study.UseRandom());
        Assert.IsLessThan(random / 2, kernel, $"{kernel} against {random} trials of three seeds");
    }

    private static async Task<int> Trials(Func<StudyBuilder, TunableCell, StudyBuilder> use)
    {
        var sum = 0;
        for (var seed = 0; seed < 3; seed++)
        {
            var builder = new SearchSpaceBuilder();
            var cell = builder.AddCell("cell", 4, ["none", "skip", "conv", "pool"], none: "none", skip: "skip");
            var result = await use(new StudyBuilder("cells").WithSearchSpace(builder).WithSeed(seed), cell).ForTrials(50).RunAsync(trial => Loss(cell.Of(trial.Configuration)));
            sum += result.View.Trials.TakeWhile(trial => trial.Loss > -3).Count();
        }

        return sum;
    }

    private static double Loss(CellGraph graph)
    {
        var good = 0;
        foreach (var last in graph.Into(graph.Nodes - 1).Where(edge => edge is { From: > 0, Operation: "conv" })) good += graph.Into(last.From).Count(edge => edge.Operation == "pool");
        return -good;
    }
}
