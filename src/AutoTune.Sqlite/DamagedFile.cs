using System.Collections.Immutable;
using System.Globalization;
using AutoTune.Journals;
using Microsoft.Data.Sqlite;

namespace AutoTune.Sqlite;

/// <summary>Finds out what of a file is damaged, and makes a new one of the rest.</summary>
internal static class DamagedFile
{
    /// <summary>What is wrong; empty if nothing is.</summary>
    /// <exception cref="JournalException">It is not a study file, or comes from a newer AutoTune.</exception>
    public static ImmutableArray<string> Problems(string path)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        try
        {
            using var connection = StudyDatabase.OpenForReading(path);
            if (StudyTables.VersionOf(connection, path) == 0) return [];
            using (var command = connection.Command("pragma integrity_check(20)"))
            {
                using var rows = command.ExecuteReader();
                while (rows.Read())
                {
                    if (rows.GetString(0) != "ok") problems.Add(rows.GetString(0).ReplaceLineEndings(" "));
                }
            }

            foreach (var (study, name) in Studies(connection))
            {
                FactReading.ReadUpToDamage(connection, path, study, name, out var damage);
                if (damage.Length > 0) problems.Add($"study '{name}': {damage}");
            }
        }
        catch (SqliteException error) when (FileProblem.IsDamage(error))
        {
            problems.Add(error.Message);
        }
        catch (JournalException error) when (error.InnerException is SqliteException cause && FileProblem.IsDamage(cause) && FileProblem.BeginsAsDatabase(path))
        {
            problems.Add(cause.Message);
        }

        return problems.ToImmutable();
    }

    public static StudyRepair Repair(string path)
    {
        DemandNoWriter(path);
        if (Problems(path).IsEmpty) return new StudyRepair(null, []);
        var kept = Read(path);
        if (kept.Count == 0)
        {
            using var other = FirstPage.Renew(path);
            kept = Read(other.Path);
        }

        var aside = SetAside(path);
        foreach (var (name, facts, _) in kept)
        {
            using var journal = new SqliteJournal(path, name);
            foreach (var fact in facts) journal.Append(fact);
        }

        return new StudyRepair(aside, [.. kept.Select(study => new RepairedStudy(study.Name, study.Facts.Count, study.Facts.Count(fact => fact is TrialFinished), study.Damage))]);
    }

    private static List<(string Name, List<StudyEvent> Facts, string Damage)> Read(string path)
    {
        var kept = new List<(string Name, List<StudyEvent> Facts, string Damage)>();
        try
        {
            using var connection = StudyDatabase.OpenForReading(path);
            foreach (var (study, name) in Studies(connection)) kept.Add((name, FactReading.ReadUpToDamage(connection, path, study, name, out var damage), damage));
        }
        catch (Exception error) when (error is SqliteException or JournalException)
        {
            // The first page or the names of the studies: what was read before stands.
        }

        return kept;
    }

    /// <summary>The studies by number, read without an index: that may be what is damaged.</summary>
    private static List<(long Study, string Name)> Studies(SqliteConnection connection)
    {
        var studies = new List<(long, string)>();
        using var command = connection.Command("select id, name from studies not indexed order by id");
        using var rows = command.ExecuteReader();
        while (rows.Read()) studies.Add((rows.GetInt64(0), rows.GetString(1)));
        return studies;
    }

    private static void DemandNoWriter(string path)
    {
        foreach (var file in Companions(path, "-writer-*"))
        {
            try
            {
                using var free = File.Open(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException error) when (File.Exists(file))
            {
                throw new JournalException($"The study file '{path}' is being written; it can be repaired when its writer has ended.", error);
            }
            catch (FileNotFoundException)
            {
                // It has ended just now.
            }
        }
    }

    /// <summary>Gives the file and its companions another name.</summary>
    private static string SetAside(string path)
    {
        var number = 1;
        string Aside() => string.Create(CultureInfo.InvariantCulture, $"{path}.damaged-{number}");
        while (File.Exists(Aside())) number++;
        try
        {
            string[] companions = [path + "-wal", path + "-shm", .. Companions(path, "-tail-*")];
            foreach (var file in companions.Where(File.Exists)) File.Move(file, Aside() + file[path.Length..], overwrite: true);

            File.Move(path, Aside());
        }
        catch (Exception error) when (FileProblem.IsOfFile(error))
        {
            throw FileProblem.Of(error, path);
        }

        return Aside();
    }

    private static string[] Companions(string path, string pattern)
        => Directory.GetFiles(Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileName(path) + pattern).Select(file => path + file[Path.GetFullPath(path).Length..]).ToArray();
}
