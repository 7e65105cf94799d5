using Examples;

namespace SpokenWords;

/// <summary>The command line.</summary>
internal sealed record Options(string? Recordings, int Each, int Fold, int Epochs, int Trials, int Seed, int Threads, bool AllEpochs, bool Lengths, string Out)
{
    private static readonly string[] Names = ["--recordings", "--each", "--fold", "--epochs", "--trials", "--seed", "--threads", "--out"];

    /// <exception cref="ArgumentException">The line is not understood.</exception>
    public static Options Of(string[] args)
    {
        if (args is [var folder, ..] && !folder.StartsWith('-')) args = ["--recordings", .. args];
        var line = new CommandLine(args, Names, ["--quick", "--all-epochs", "--lengths"]);
        var quick = line.Has("--quick");
        return new Options(
            line.Has("--recordings") ? Path.GetFullPath(line.Text("--recordings", "")) : null,
            line.Whole("--each", quick ? 2 : line.Has("--recordings") ? int.MaxValue : 12), line.Whole("--fold", 0, least: 0),
            line.Whole("--epochs", quick ? 3 : 12), line.Whole("--trials", quick ? 4 : 40), line.Whole("--seed", 1, least: 0), line.Whole("--threads", 1), line.Has("--all-epochs"), line.Has("--lengths"),
            Directory.CreateDirectory(Path.GetFullPath(line.Text("--out", Path.Combine(Repository.Root, "artifacts", quick ? "SpokenWords.quick" : "SpokenWords")))).FullName);
    }

    public string Study => Path.Combine(Out, "studies.db");

    /// <summary>The folder of the recordings; without one, words that were spoken here.</summary>
    /// <exception cref="ArgumentException">There is no folder, and nothing that speaks.</exception>
    public string Folder()
    {
        if (Recordings is not null) return Recordings;
        if (!Synthesis.IsAvailable)
        {
            throw new ArgumentException("There are no recordings: name a folder of files {digit}_{speaker}_{index}.wav by --recordings FOLDER (the Free Spoken Digit Dataset has this form), "
                + "or install espeak-ng (apt-get install espeak-ng), which then speaks the words.");
        }

        var folder = Path.Combine(Out, "spoken");
        Console.WriteLine($"No --recordings FOLDER: espeak-ng speaks the words, into {folder}. Its voices are more alike than people's are.");
        Synthesis.Speak(folder, Each);
        return folder;
    }

    /// <summary>A study's name says what it depends on, so that a run with other options is another study.</summary>
    public string Name(string of, int recordings) => FormattableString.Invariant($"{of}: {recordings} recordings, fold {Fold}, {Epochs} epochs, seed {Seed}{(Lengths ? ", growing lengths" : "")}{(AllEpochs ? ", nothing stopped" : "")}");
}
