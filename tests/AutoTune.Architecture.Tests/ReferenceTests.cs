using System.Xml.Linq;

namespace AutoTune.Architecture.Tests;

/// <summary>Who may reference whom: the table of DESIGN.md.</summary>
[TestClass]
public sealed class ReferenceTests
{
    private static readonly SortedDictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["AutoTune.Kernel"] = [],
        ["AutoTune.Tuners"] = ["AutoTune.Kernel", "MathNet.Numerics", "System.Numerics.Tensors"],
        ["AutoTune.Analysis"] = ["AutoTune.Kernel", "MathNet.Numerics"],
        ["AutoTune.Sqlite"] = ["AutoTune.Kernel", "Microsoft.Data.Sqlite"],
        ["AutoTune.Testing"] = ["AutoTune.Kernel"],
        ["AutoTune"] = ["AutoTune.Kernel", "AutoTune.Tuners", "AutoTune.Analysis", "AutoTune.Sqlite", "Spectre.Console"],
        ["AutoTune.MLNet"] = ["AutoTune", "Microsoft.ML", "Microsoft.ML.LightGbm", "Microsoft.ML.FastTree", "LightGBM"],
        ["AutoTune.Torch"] = ["AutoTune", "TorchSharp"],
        ["AutoTune.MLNet.AutoML"] = ["AutoTune.MLNet", "Microsoft.ML.AutoML"],
    };

    public static IEnumerable<object[]> Projects => Repository.Projects.Select(project => new object[] { project });

    [TestMethod]
    [DynamicData(nameof(Projects))]
    public void Project_ItsReferences_AreAllowed(string project)
    {
        Assert.IsTrue(Allowed.TryGetValue(project, out var allowed), $"{project} is not in the table of this test; add it with what it may reference, as DESIGN.md says.");
        var elements = XDocument.Load(Repository.PathOfProject(project)).Descendants().ToList();
        var references = elements.Where(element => element.Name.LocalName is "ProjectReference" or "PackageReference" or "FrameworkReference" or "Reference")
            .Select(element => element.Attribute("Include")?.Value ?? "")
            .Select(name => name.EndsWith(".csproj", StringComparison.Ordinal) ? Path.GetFileNameWithoutExtension(name.Replace('\\', '/')) : name);
        Found.None(references.Except(allowed), $"{project} references more than it may ({string.Join(", ", allowed)}).");
    }

    [TestMethod]
    [DynamicData(nameof(Projects))]
    public void Project_PublicMembersWithoutDocumentation_AreErrors(string project)
    {
        // The compiler looks (CS1591); here only that nobody tells it not to.
        var properties = new[] { "Directory.Build.props", "src/Directory.Build.props", $"src/{project}/{project}.csproj" }
            .SelectMany(file => XDocument.Load(Repository.PathOf(file.Split('/'))).Descendants()).ToList();
        string? Last(string name) => properties.LastOrDefault(element => element.Name.LocalName == name)?.Value;
        Assert.AreEqual("true", Last("GenerateDocumentationFile"));
        Assert.AreEqual("true", Last("TreatWarningsAsErrors"));
        Assert.IsFalse(properties.Any(element => element.Name.LocalName is "NoWarn" or "WarningsNotAsErrors" && element.Value.Contains("1591", StringComparison.Ordinal)));
        foreach (var file in Repository.SourceFiles($"src/{project}"))
            Assert.DoesNotContain("CS1591", File.ReadAllText(Repository.PathOf(file)), $"{file} switches the demand for documentation off.");
        Assert.IsTrue(File.Exists(Path.ChangeExtension(Repository.AssemblyOf(project).Location, ".xml")), $"{project} has no documentation file.");
    }

    [TestMethod]
    public void Solution_EveryProject_IsInIt()
    {
        var solution = File.ReadAllText(Repository.PathOf("AutoTune.sln"));
        foreach (var folder in new[] { "src", "tests", "examples" })
        {
            foreach (var project in Directory.EnumerateFiles(Repository.PathOf(folder), "*.csproj", SearchOption.AllDirectories))
            {
                var name = Path.GetFileNameWithoutExtension(project);
                if (name != "AutoTune.MLNet.AutoML" && name != "AutoTune.MLNet.AutoML.Tests") // its package is not served everywhere
                    Assert.Contains($"\"{name}\"", solution, $"{name} is missing from AutoTune.sln; run 'dotnet sln add'.");
            }
        }
    }
}
