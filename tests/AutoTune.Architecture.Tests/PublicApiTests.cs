namespace AutoTune.Architecture.Tests;

/// <summary>
/// The public surface of each assembly is written down, so that a change of it is seen in a review. To accept a change, run these tests
/// with the environment variable <c>AUTOTUNE_ACCEPT_API=1</c> and commit the files of <c>PublicApi</c>.
/// </summary>
[TestClass]
public sealed class PublicApiTests
{
    public static IEnumerable<object[]> Projects => Repository.Projects.Select(project => new object[] { project });

    [TestMethod]
    [DynamicData(nameof(Projects))]
    public void PublicApi_OfEachAssembly_IsAsWrittenDown(string project)
    {
        var path = Repository.PathOf("tests", "AutoTune.Architecture.Tests", "PublicApi", $"{project}.txt");
        var actual = PublicApiText.Of(Repository.AssemblyOf(project));
        if (Environment.GetEnvironmentVariable("AUTOTUNE_ACCEPT_API") == "1")
        {
            File.WriteAllText(path, actual);
            return;
        }

        var expected = File.Exists(path) ? File.ReadAllText(path) : "";
        if (expected == actual) return;
        var (before, after) = (expected.Split('\n'), actual.Split('\n'));
        var changes = before.Except(after).Select(line => $"- {line.Trim()}").Concat(after.Except(before).Select(line => $"+ {line.Trim()}"));
        Assert.Fail($"The public surface of {project} changed:\n{string.Join('\n', changes)}\n"
            + "If that is wanted, run: AUTOTUNE_ACCEPT_API=1 dotnet test --project tests/AutoTune.Architecture.Tests, and commit the files of PublicApi.");
    }

    [TestMethod]
    public void PublicApi_FilesOfAssembliesThatAreGone_AreGoneToo()
    {
        var files = Directory.GetFiles(Repository.PathOf("tests", "AutoTune.Architecture.Tests", "PublicApi"), "*.txt").Select(Path.GetFileNameWithoutExtension);
        Found.None(files.Except(Repository.Projects), "Delete it.");
    }
}
