using System.Globalization;

namespace AutoTune.Studies;

/// <summary>A copy of a trial's files that is to take the place of another trial's.</summary>
/// <remarks>
/// It is made beside that folder, as <c>trial-00005.copy-120</c>, before fact 120 or a later one says in the journal that the trial goes on from it; then
/// the folder is replaced. A copy that a kill left is finished when the study is opened again, if that fact is there, and deleted if it is not.
/// </remarks>
internal sealed class ArtifactCopy
{
    private const string Mark = ".copy-";
    private readonly string _copy;
    private readonly string _folder;

    private ArtifactCopy(string copy, string folder) => (_copy, _folder) = (copy, folder);

    /// <summary>Copies the files.</summary>
    /// <param name="from">The folder that is copied; without it the other loses its files.</param>
    /// <param name="to">The folder that the copy is for.</param>
    /// <param name="fact">The number that the fact will have at least.</param>
    /// <returns>The copy; null if neither folder exists.</returns>
    public static ArtifactCopy? Prepare(string from, string to, long fact)
    {
        if (!Directory.Exists(from) && !Directory.Exists(to)) return null;
        var copy = string.Create(CultureInfo.InvariantCulture, $"{to}{Mark}{fact}");
        if (Directory.Exists(copy)) Directory.Delete(copy, recursive: true);
        Directory.CreateDirectory(copy);
        if (!Directory.Exists(from)) return new ArtifactCopy(copy, to);
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(copy, Path.GetRelativePath(from, folder)));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            if (!file.EndsWith(TrialArtifacts.Unfinished, StringComparison.Ordinal)) CopyFile(file, Path.Combine(copy, Path.GetRelativePath(from, file)));
        }

        return new ArtifactCopy(copy, to);
    }

    /// <summary>Puts the copy in its place.</summary>
    public void Commit()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        Directory.Move(_copy, _folder);
    }

    /// <summary>Finishes or deletes the copies that a kill left.</summary>
    /// <param name="artifacts">The folder of all trials' folders.</param>
    /// <param name="lastCopy">The number of the last fact by which the trial of a folder went on from another; -1 if there is none.</param>
    public static void FinishAll(string artifacts, Func<string, long> lastCopy)
    {
        if (!Directory.Exists(artifacts)) return;
        foreach (var copy in Directory.EnumerateDirectories(artifacts, $"*{Mark}*").Order(StringComparer.Ordinal).ToList())
        {
            var mark = copy.LastIndexOf(Mark, StringComparison.Ordinal);
            if (!long.TryParse(copy.AsSpan(mark + Mark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var fact)) continue;
            if (lastCopy(copy[..mark]) >= fact) new ArtifactCopy(copy, copy[..mark]).Commit();
            else Directory.Delete(copy, recursive: true);
        }
    }

    // Flushed to the disk, as what a trial writes by itself: a checkpoint survives a loss of power.
    private static void CopyFile(string from, string to)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var target = new FileStream(to, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        source.CopyTo(target);
        target.Flush(flushToDisk: true);
    }
}
