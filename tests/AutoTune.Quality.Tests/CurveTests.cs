using System.Collections.Immutable;
using System.Xml.Linq;
using AutoTune.Quality.Curves;
using AutoTune.Quality.Problems;
using AutoTune.Quality.Simulating;

namespace AutoTune.Quality.Tests;

[TestClass]
public sealed class CurveTests
{
    private static readonly Problem Four = Example.Problem(Example.FourEpochs);

    [TestMethod]
    [DataRow(0.5, double.PositiveInfinity)]
    [DataRow(1, 4)]
    [DataRow(1.99, 4)]
    [DataRow(2, 0.5)]
    [DataRow(90, 0.5)]
    public void RegretOf_AStudy_IsThatOfTheLastChange(double trainings, double regret) // the losses 8 and 1 between best 0 and reference 2
        => Assert.AreEqual(regret, Entrant.RegretOf(Study(0, (4, 8), (8, 1)), Four, Rule.Completed, Axis.Trainings, trainings));

    [TestMethod]
    public void Regret_OverSeeds_IsTheirMedian_NaNBeyondTheirBudget()
    {
        var entrant = Of("tpe+none", Study(0, (4, 8)), Study(1, (4, 2)), Study(2, (8, 1)));
        Assert.AreEqual(4, entrant.Regret(Four, Rule.Incumbent, Axis.Trainings, 1).Median);
        Assert.AreEqual(1, entrant.Regret(Four, Rule.Incumbent, Axis.Trainings, 2).Median);
        Assert.AreEqual(double.NaN, entrant.Regret(Four, Rule.Incumbent, Axis.Trainings, 100.5).Median);
        Assert.AreEqual(50, entrant.Reach(Four, Axis.Hours));
        Assert.AreEqual(double.NaN, entrant.Regret(Four, Rule.Incumbent, Axis.Hours, 60).Median); // they took 50
    }

    [TestMethod]
    public void Reaching_ATarget_CountsFromWhereItStays()
    {
        var goal = Of("random+none", Study(0, (4, 2)));
        var fast = Of("tpe+asha", Study(0, (2, 1), (10, 8), (37, 2))); // good, lost again, good for good
        var slow = Of("tpe+none", Study(0, (2, 4)));
        var lines = CurveTables.Reaching([fast, slow], goal, [Four], Rule.Incumbent, 100).Split('\n');
        Assert.AreSequenceEqual(["> tpe+asha", "9.3", "|", "9.3", "9.3"], Cells(lines[2]));
        Assert.AreSequenceEqual(["> tpe+none", "never", "|", "never", "never"], Cells(lines[3]));
    }

    [TestMethod]
    public void AgainstNone_SameTuner_CountsAndNamesTheWorst()
    {
        var none = Of("tpe+none", Study(0, (4, 2), (40, 1)));
        var early = Of("tpe+asha", Study(0, (2, 1), (60, 1.5)));
        var lines = CurveTables.AgainstNone([none, early], [Four], Rule.Incumbent, [5, 10, 20]).Split('\n');
        Assert.AreSequenceEqual(["> tpe+asha", "1-0-0", "0-1-0", "0-0-1", "|", "25.0", "20", "example"], Cells(lines[2]));
    }

    [TestMethod]
    public void Draw_APicture_IsWellFormedAndHasALineForEachRule()
    {
        var entrants = ImmutableArray.Create(Of("tpe+none", Study(0, (4, 2), (40, 1)), Study(1, (4, 1))), Of("tpe+asha", Study(0, (2, 1), (60, 0))));
        var picture = XDocument.Parse(CurvePlots.Draw(Four, entrants, Axis.Trainings, ["tpe+none"], 100));
        var paths = picture.Descendants().Where(element => element.Name.LocalName == "path").ToArray();
        Assert.HasCount(4, paths.Where(path => path.Attribute("fill")!.Value == "none"));
        Assert.HasCount(2, paths.Where(path => path.Attribute("fill")!.Value != "none")); // the quartiles of one, by both rules
        // A regret of zero lies on the floor of the chart: 376 pixels down.
        Assert.Contains("V376", paths.Single(path => path.Attribute("fill")!.Value == "none" && path.Attribute("d")!.Value.Contains("V376", StringComparison.Ordinal)
            && path.Attribute("d")!.Value.StartsWith("M80 ", StringComparison.Ordinal)).Attribute("d")!.Value);
    }

    private static string[] Cells(string line) => [.. line.Split("  ", StringSplitOptions.RemoveEmptyEntries).SelectMany(cell => cell.Trim().StartsWith("| ", StringComparison.Ordinal) ? new[] { "|", cell.Trim()[2..].Trim() } : [cell.Trim()])];

    [TestMethod]
    public void Draw_SevenTunersWithTheSameSchedulers_TellsEachLineFromTheOthers()
    {
        ImmutableArray<Entrant> entrants = [.. from tuner in new[] { "random", "tpe", "own", "bayesian", "portfolio", "forest", "cma-es" } from scheduler in new[] { "none", "asha" }
                                               select Of($"{tuner}+{scheduler}", Study(0, (4, 8), (8, 1)))];
        var legend = XDocument.Parse(CurvePlots.Draw(Four, entrants, Axis.Trainings, [], 100)).Descendants().Where(element => element.Name.LocalName == "line" && element.Attribute("x1")!.Value == "1000")
            .Select(line => (line.Attribute("stroke")!.Value, line.Attribute("stroke-dasharray")?.Value)).ToArray();
        Assert.HasCount(14, legend);
        Assert.HasCount(14, legend.Distinct());
    }

    private static Entrant Of(string method, params SimulationRecord[] runs) => new(method, method, IsOurs: true, Slots: 1, runs.ToLookup(run => run.Problem));

    private static SimulationRecord Study(int seed, params (double Steps, double Loss)[] changes)
    {
        ImmutableArray<Change> all = [.. changes.Select(change => new Change(change.Steps, change.Steps / 8, change.Loss))];
        return new SimulationRecord { Peer = "autotune-x", Problem = "example", Seed = seed, Full = 4, Budget = 400, Hours = 50, Incumbents = all, Completed = all };
    }
}
