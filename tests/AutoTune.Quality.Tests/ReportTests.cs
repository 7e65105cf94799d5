using AutoTune.Quality.Problems;
using AutoTune.Quality.Reporting;

namespace AutoTune.Quality.Tests;

[TestClass]
public sealed class ReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("report").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Write_ProblemsOfSeveralSuites_HasATableForEachAndOneOverall()
    {
        Problems(("a", "table", "table"), ("b", "surrogate", "onnx"), ("c", "surrogate", "onnx"), ("d", "synthetic", "function"));
        Runs(30, "a", "b", "c", "d");
        var report = Report();
        var titles = report.Split('\n').Where(line => line.Contains(" problem", StringComparison.Ordinal) && line.Contains(": ", StringComparison.Ordinal)).Select(line => line.Trim()).Take(6);
        foreach (var title in new[] { "Suite table: 1 problem", "Suite surrogate: 2 problems", "Real problems (tables, surrogates, pools): 3 problems", "Functions: 1 problem", "Overall: 4 problems" })
            Assert.Contains(title, report, string.Join(" | ", titles));
        Assert.Contains("@25", report);
        Assert.DoesNotContain("@50", report);
    }

    [TestMethod]
    public void Write_RunsShorterThanTheFirstHorizon_EndsAtTheirLastTrial()
    {
        Problems(("a", "table", "table"));
        Runs(7, "a");
        Assert.Contains("rank @7", Report());
    }

    [TestMethod]
    public void Write_NoRunsAtAll_SaysWhatIsMissing()
    {
        Problems(("a", "table", "table"));
        var error = Assert.ThrowsExactly<ProblemException>(() => new ReportCommand(CommandLine.Parse(["report", "--problems-folder", _folder]), Folder()).Write());
        Assert.StartsWith("There are no runs of these problems; give --out files that run wrote", error.Message);
    }

    private string Report() => new ReportCommand(CommandLine.Parse(["report", "--problems-folder", _folder, "--out", Path.Combine(_folder, "runs.jsonl")]), Folder()).Write();

    private ProblemFolder Folder() => ProblemFolder.Open(_folder, [])!;

    private void Problems(params (string Name, string Suite, string Kind)[] problems) => File.WriteAllText(Path.Combine(_folder, "problems.json"),
        $"[{string.Join(',', problems.Select(problem => $$"""{"name":"{{problem.Name}}","suite":"{{problem.Suite}}","params":[{"name":"x","type":"float","low":0,"high":1}],"best":0,"reference":2,"evaluate":{"kind":"{{problem.Kind}}" } }"""))}]");

    private void Runs(int trials, params string[] problems) => File.WriteAllLines(Path.Combine(_folder, "runs.jsonl"),
        problems.Select(problem => $$"""{"peer":"autotune-tpe","problem":"{{problem}}","seed":0,"best":[{{string.Join(',', Enumerable.Repeat("1", trials))}}],"sec":0.1,"ask":[{{string.Join(',', Enumerable.Repeat("1", trials))}}],"fallbacks":0}"""));
}
