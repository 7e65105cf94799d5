using AutoTune.Quality.Evaluators;
using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Tests;

[TestClass]
public sealed class ProblemCellsTests
{
    // Ten kinds of pictures: guessing is wrong nine times in ten. A cell from whose input no edge leads to its output can do no better; with the edges in any other order some could.
    [TestMethod]
    public void Of_NasBench201_CallsThoseCellsCutOffThatRecordedTrainingsGuessedWith()
    {
        if (ProblemFolder.Open(null, ["nasbench201-cifar10"]) is not { } folder)
        {
            Assert.Inconclusive("skipped: no ../shared");
            return;
        }

        using var factory = new EvaluatorFactory(folder);
        var problem = folder.Problems.Single();
        var evaluator = factory.Create(problem).Evaluator;
        var space = new ProblemSpace(problem);
        var cell = ProblemCells.Of(problem, space.Space).Single();
        var random = new RandomSource(1);
        var cut = 0;
        for (var i = 0; i < 4000; i++)
        {
            var configuration = space.Space.Sample(random);
            if (IsConnected(cell.Of(configuration))) continue;
            cut++;
            Assert.AreEqual(90, evaluator.Loss(space.PointOf(configuration)), 1, configuration.ToString());
        }

        Assert.IsGreaterThan(50, cut);
    }

    private static bool IsConnected(CellGraph graph)
    {
        var isReached = new bool[graph.Nodes];
        isReached[0] = true;
        foreach (var edge in graph.Edges) isReached[edge.To] |= isReached[edge.From];
        return isReached[^1];
    }
}
