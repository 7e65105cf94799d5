using System.Text.RegularExpressions;

namespace AutoTune.Architecture.Tests;

/// <summary>The kernel's folders are layers: one may use those to its left, never its neighbours or those to its right.</summary>
[TestClass]
public sealed partial class LayerTests
{
    private static readonly string[][] Layers =
    [
        ["Spaces"],
        ["Trials"],
        ["Tuning", "Scheduling", "Journals", "Execution", "Observing"],
        ["Studies"],
    ];

    [TestMethod]
    public void Kernel_ItsFolders_AreTheLayersOfTheDesign()
    {
        var folders = Directory.GetDirectories(Repository.PathOf("src", "AutoTune.Kernel")).Select(Path.GetFileName).Where(name => name is not ("obj" or "bin"));
        Found.None(folders.Except(Layers.SelectMany(layer => layer)), "A folder of the kernel is in no layer; put it into one in this test.");
    }

    [TestMethod]
    public void Kernel_EachFile_UsesLowerLayersOnly()
    {
        var files = Repository.SourceFiles("src/AutoTune.Kernel").Select(file => (file, file.Split('/')[2], Repository.CodeOf(file))).ToList();
        Assert.AreEqual("Spaces", Homes(files)["SearchSpace"]);
        Assert.AreEqual("Execution", Homes(files)["ExecutorFactory"]); // a delegate
        Assert.AreEqual("Trials", Homes(files)["TrialReport"]); // a struct
        Found.None(Violations(files), "Data flows one way; if you need something upstream, you need a field in a request.");
    }

    [TestMethod]
    public void Violations_OfFilesThatUseUpperLayersAndNeighbours_AreFound() // a test of the test
    {
        (string, string, string)[] files =
        [
            ("a", "Spaces", "public sealed class Space { TimeSpan? Loop => null; }"),
            ("b", "Trials", "public sealed record Attempt(Space Space);\ninternal static class Bad { object X = new Loop(); }"),
            ("c", "Tuning", "public delegate Attempt Maker(Space space);"),
            ("d", "Journals", "internal interface IKeep { Maker Maker { get; } }"),
            ("e", "Studies", "internal sealed class Loop(Maker maker, IKeep keep);"),
        ];
        string[] expected = ["b uses Loop of Studies", "d uses Maker of Tuning"];
        Assert.AreSequenceEqual(expected, Violations(files));
    }

    private static IEnumerable<string> Violations(IReadOnlyCollection<(string File, string Folder, string Code)> files)
    {
        var homes = Homes(files);
        return from file in files
               from word in Word().Matches(file.Code).Select(match => match.Value).Distinct()
               where homes.TryGetValue(word, out var other) && other != file.Folder && LayerOf(other) >= LayerOf(file.Folder)
               select $"{file.File} uses {word} of {homes[word]}";
    }

    /// <summary>The folder of each type.</summary>
    private static SortedDictionary<string, string> Homes(IEnumerable<(string File, string Folder, string Code)> files)
    {
        var homes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (_, folder, code) in files)
        {
            foreach (Match type in TopLevelType().Matches(code)) homes[type.Groups["name"].Value] = folder;
        }

        return homes;
    }

    private static int LayerOf(string folder) => Array.FindIndex(Layers, layer => layer.Contains(folder));

    [GeneratedRegex(@"^(?:public|internal)\s[^\n({=;]*?\b(?:class|struct|interface|enum|record|delegate\s+\S+)\s+(?:struct\s+|class\s+)?(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();

    // Neither a member access nor the name of what is declared: 'x.Goal' and 'Goal Goal { get; }' name properties.
    [GeneratedRegex(@"(?<![.\w])(?<!\b[A-Z]\w*\s)(?<![>?\]]\s)[A-Z]\w*")]
    private static partial Regex Word();
}
