using System.Collections.Immutable;

namespace AutoTune.Quality.Problems;

/// <summary>A folder of problems, their data and the peers' runs.</summary>
internal sealed class ProblemFolder
{
    private ProblemFolder(string path, ImmutableArray<Problem> problems) => (Path, Problems) = (path, problems);

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Its problems, in the order of the file.</summary>
    public ImmutableArray<Problem> Problems { get; }

    /// <summary>The peers' files.</summary>
    public ImmutableArray<string> PeerFiles => Directory.Exists(System.IO.Path.Combine(Path, "peers"))
        ? [.. Directory.EnumerateFiles(System.IO.Path.Combine(Path, "peers"), "*.jsonl").Order(StringComparer.Ordinal)]
        : [];

    /// <summary>A file below its folder <c>data</c>.</summary>
    public string DataFile(string relative) => System.IO.Path.Combine(Path, "data", relative);

    /// <summary>Opens a folder.</summary>
    /// <param name="path">Its path; null: <c>shared/bench</c> beside the repository.</param>
    /// <param name="names">The problems wanted; empty: all.</param>
    /// <returns>The folder; null if no path was given and there is none beside the repository.</returns>
    /// <exception cref="ProblemException">There is no such folder or problem.</exception>
    public static ProblemFolder? Open(string? path, ImmutableArray<string> names)
    {
        path ??= BesideRepository();
        if (path is null) return null;
        var file = System.IO.Path.Combine(path, "problems.json");
        if (!File.Exists(file)) throw new ProblemException($"There is no {file}; give --problems-folder a folder with a problems.json.");
        var all = ProblemReader.Read(file);
        foreach (var name in names.Where(name => all.All(problem => problem.Name != name)))
            throw new ProblemException($"There is no problem '{name}' in {file}; it has {string.Join(", ", all.Select(problem => problem.Name))}.");
        return new ProblemFolder(path, names.IsEmpty ? all : [.. all.Where(problem => names.Contains(problem.Name))]);
    }

    /// <summary>Looked for from the working directory and from the program upwards: the repository is where the solution is.</summary>
    private static string? BesideRepository()
    {
        foreach (var start in new[] { Directory.GetCurrentDirectory(), AppContext.BaseDirectory })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (!File.Exists(System.IO.Path.Combine(folder.FullName, "AutoTune.sln"))) continue;
                var beside = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder.FullName, "..", "shared", "bench"));
                if (Directory.Exists(beside)) return beside;
            }
        }

        return null;
    }
}
