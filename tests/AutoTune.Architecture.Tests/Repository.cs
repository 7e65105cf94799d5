using System.Reflection;
using System.Text.RegularExpressions;

namespace AutoTune.Architecture.Tests;

/// <summary>The repository that these tests were built from, and the assemblies of its <c>src</c>.</summary>
internal static partial class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The names of the projects in <c>src</c>.</summary>
    public static IReadOnlyList<string> Projects { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    public static string PathOfProject(string project) => PathOf("src", project, $"{project}.csproj");

    /// <summary>The assembly of a project of <c>src</c>; one that these tests do not reference is an error here.</summary>
    public static Assembly AssemblyOf(string project) => Assembly.Load(project);

    /// <summary>The C# files below a folder, relative to the root, build outputs aside.</summary>
    public static IEnumerable<string> SourceFiles(string folder) => Directory.EnumerateFiles(PathOf(folder), "*.cs", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
        .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    /// <summary>A file's code without comments and texts.</summary>
    public static string CodeOf(string file) => NotCode().Replace(File.ReadAllText(PathOf(file)), " ");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AutoTune.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException($"AutoTune.sln is in no folder above {AppContext.BaseDirectory}; build the tests inside the repository.");
    }

    // Interpolated holes are lost with their texts: names are then seen elsewhere in the file or not at all, which these tests can live with.
    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|\"{3}.*?\"{3}|@?"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'""", RegexOptions.Singleline)]
    private static partial Regex NotCode();
}
