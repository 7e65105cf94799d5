using System.Globalization;

namespace AutoTune.Torch.Control;

/// <summary>Files of records, which appear whole or not at all: others may read the folder, or write to it, at the same time.</summary>
internal static class RecordFolder
{
    private const string Unfinished = ".part";

    /// <summary>Writes a record whose name is its owner's alone, over the one that is there.</summary>
    public static void Replace(string folder, string name, Action<BinaryWriter> write)
    {
        var path = Path.Combine(folder, name);
        using (var writer = new BinaryWriter(File.Create(path + Unfinished))) write(writer);
        File.Move(path + Unfinished, path, overwrite: true);
    }

    /// <summary>Writes a record under the first number that is free.</summary>
    public static void Add(string folder, Action<BinaryWriter> write)
    {
        for (var number = 0; ; number++)
        {
            var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{number:d6}.training"));
            if (Reserved(path) is not { } stream) continue;
            using (var writer = new BinaryWriter(stream)) write(writer);
            try
            {
                File.Move(path + Unfinished, path, overwrite: false);
                return;
            }
            catch (IOException) when (File.Exists(path)) // another was there between the two
            {
                File.Delete(path + Unfinished);
            }
        }
    }

    private static FileStream? Reserved(string path)
    {
        if (File.Exists(path)) return null;
        try
        {
            return new FileStream(path + Unfinished, FileMode.CreateNew, FileAccess.Write);
        }
        catch (IOException) when (File.Exists(path + Unfinished) || File.Exists(path)) // another is at it, or was
        {
            return null;
        }
    }
}
