using Examples;

namespace FashionImages;

/// <summary>The command line.</summary>
internal sealed record Options(int Epochs, int Trials, int Images, int TestImages, int Seed, int Threads, int Budget, bool AllEpochs, bool Lengths, string Out)
{
    private static readonly string[] Names = ["--epochs", "--trials", "--images", "--seed", "--threads", "--budget", "--out"];

    /// <exception cref="ArgumentException">The line is not understood.</exception>
    public static Options Of(string[] args)
    {
        var line = new CommandLine(args, Names, ["--quick", "--all-epochs", "--lengths"]);
        var quick = line.Has("--quick");
        return new Options(
            line.Whole("--epochs", quick ? 3 : 10), line.Whole("--trials", quick ? 4 : 40), line.Whole("--images", quick ? 600 : 10_000, least: 100), quick ? 1000 : 10_000,
            line.Whole("--seed", 1, least: 0), line.Whole("--threads", 1), line.Whole("--budget", 20), line.Has("--all-epochs"), line.Has("--lengths"),
            Directory.CreateDirectory(Path.GetFullPath(line.Text("--out", Path.Combine(Repository.Root, "artifacts", quick ? "FashionImages.quick" : "FashionImages")))).FullName);
    }

    public string Study => Path.Combine(Out, "studies.db");

    /// <summary>A study's name says what it depends on, so that a run with other options is another study.</summary>
    public string Name(string of) => FormattableString.Invariant($"{of}: {Images} images, {Epochs} epochs, seed {Seed}{(Lengths ? ", growing lengths" : "")}{(AllEpochs ? ", nothing stopped" : "")}");
}
