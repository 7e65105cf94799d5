using AutoTune.Execution;
using AutoTune.MLNet.Quality;

namespace AutoTune.MLNet.Tests;

/// <summary>Pipelines whose trials are fitted in worker processes; the program of the workers is the one that measures what ending trials early saves.</summary>
[TestClass]
public sealed class WorkerProcessTests
{
    [TestMethod]
    [NeedsLightGbm]
    public async Task TuneAsync_InWorkerProcesses_GivesTheValuesOfThisProcess()
    {
        string[] arguments = ["run", "--data", "ames", "--every", "4", "--trials", "3", "--folds", "2", "--tuner", "random", "--seeds", "1", "--ways", "all", "--out", "none"];
        var commandLine = CommandLine.Parse(arguments);
        var (_, here) = await new PriceStudy(commandLine, "all", 1).RunAsync();
        var (tuned, there) = await new PriceStudy(commandLine, "all", 1)
        {
            Also = tuning => tuning.InWorkerProcesses(2, new WorkerOptions { Program = Program(), Arguments = [.. arguments], RunInProcess = false }),
        }.RunAsync();
        Assert.IsEmpty(tuned.Study.Warnings);
        Assert.HasCount(3, there.Reports);
        for (var trial = 0; trial < 3; trial++) CollectionAssert.AreEqual(here.Reports[trial], there.Reports[trial]);
        Assert.AreEqual(here.Test, there.Test);
    }

    /// <summary>In its own output folder, where its native libraries are.</summary>
    private static string Program()
    {
        var own = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var name = typeof(PriceStudy).Assembly.GetName().Name!;
        return Path.Combine(own.Parent!.Parent!.FullName, name, own.Name, $"{name}.dll");
    }
}
