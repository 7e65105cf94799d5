namespace Examples;

/// <summary>Where this example's repository is.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory) ?? Find(Environment.CurrentDirectory)
        ?? throw new DirectoryNotFoundException("AutoTune.sln is in no folder above this program or the current one; run it from within the repository.");

    private static string? Find(string? folder)
    {
        for (; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "AutoTune.sln"))) return folder;
        }

        return null;
    }
}
