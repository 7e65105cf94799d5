using System.Diagnostics;
using System.Xml.Linq;

namespace AutoTune.Torch.Examples;

/// <summary>Runs the examples for real, in their quick form.</summary>
[TestClass]
public sealed class ExampleTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("autotune-example").FullName;

    [TestCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void FashionImages_Quick_TunesAndWritesItsReport()
    {
        var text = Run("FashionImages", "--quick", "--out", _folder);
        StringAssert.Contains(text, "Device  ");
        StringAssert.Contains(text, "Test accuracy");
        StringAssert.Contains(text, "9 boot");
        DemandPictures("fashion.model");
    }

    [TestMethod]
    public void FashionImages_StartedAgain_TrainsNothingTwice()
    {
        Run("FashionImages", "--quick", "--trials", "2", "--out", _folder);
        var again = Run("FashionImages", "--quick", "--trials", "2", "--out", _folder);
        Assert.DoesNotContain("is the new best", again, "the study was at its end");
        StringAssert.Contains(again, "Trials                     2");
    }

    [TestMethod]
    public void FashionImages_KilledAndStartedAgain_GoesOn()
    {
        string[] arguments = ["--quick", "--trials", "6", "--out", _folder];
        using (var process = Start("FashionImages", arguments))
        {
            while (process.StandardOutput.ReadLine() is { } line && !line.Contains("2 of 6 trials", StringComparison.Ordinal)) { }
            process.Kill();
            process.WaitForExit();
        }

        var text = Run("FashionImages", arguments);
        Assert.DoesNotContain("1 of 6 trials", text, "what was done is not done again");
        StringAssert.Contains(text, "Trials                     6");
    }

    [TestMethod]
    public void SpokenWords_Quick_TunesOnSpeakersKeptApart()
    {
        var text = Run("SpokenWords", "--quick", "--recordings", Recordings(), "--out", _folder);
        StringAssert.Contains(text, "Training with nicolas, theo, yweweler (60 recordings); validation with jackson, lucas (40 recordings)");
        StringAssert.Contains(text, "Speakers of the test       george (20 recordings)");
        DemandPictures("digits.model");
    }

    [TestMethod]
    public void SpokenWords_FolderThatIsNotThere_SaysWhatToDo()
    {
        var text = Run("SpokenWords", expected: 2, "--quick", "--recordings", Path.Combine(_folder, "none"), "--out", _folder);
        StringAssert.Contains(text, "--recordings names one of files {digit}_{speaker}_{index}.wav");
    }

    [TestMethod]
    public void SpokenWords_NoRecordings_SpeaksThemItself()
    {
        if (!CanSpeak()) Assert.Inconclusive("skipped: espeak-ng is not installed");
        var text = Run("SpokenWords", "--quick", "--each", "1", "--trials", "1", "--out", _folder);
        StringAssert.Contains(text, "No --recordings FOLDER: espeak-ng speaks the words");
        Assert.AreEqual(120, Directory.GetFiles(Path.Combine(_folder, "spoken"), "*.wav").Length);
        StringAssert.Contains(text, "Speakers of the test       adam, beth (20 recordings)");
    }

    [TestMethod]
    public void SpokenWords_NeitherRecordingsNorVoice_SaysWhatToDo()
    {
        using var process = Start("SpokenWords", ["--quick", "--out", _folder], path: _folder);
        var text = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(2, process.ExitCode, text);
        StringAssert.Contains(text, "There are no recordings: name a folder of files {digit}_{speaker}_{index}.wav by --recordings FOLDER");
        StringAssert.Contains(text, "or install espeak-ng (apt-get install espeak-ng)");
    }

    [TestMethod]
    public void SpokenWords_FilesThatAreNoSound_SaysWhich()
    {
        foreach (var speaker in (string[])["a", "b", "c"]) File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "recordings")).FullName, $"0_{speaker}_0.wav"), "noise");
        StringAssert.Contains(Run("SpokenWords", expected: 1, _folder, "--quick", "--out", _folder), "0_c_0.wav is no WAV file.");
    }

    [TestMethod]
    public void Examples_LineThatIsNotUnderstood_SaysWhichOptionsThereAre()
    {
        StringAssert.Contains(Run("FashionImages", expected: 2, "--epoch", "3"), "'--epoch' is not understood; the options are --epochs VALUE, --trials VALUE");
        StringAssert.Contains(Run("SpokenWords", expected: 2, "--epochs", "none"), "'--epochs none' needs a whole number of at least 1.");
    }

    private static string Run(string example, params string[] arguments) => Run(example, expected: 0, arguments);

    /// <summary>Starts the program, which lies beside the tests, and gives what it wrote.</summary>
    private static string Run(string example, int expected, params string[] arguments)
    {
        using var process = Start(example, arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        text += errors.Result;
        Assert.AreEqual(expected, process.ExitCode, text);
        return text;
    }

    private static Process Start(string example, string[] arguments, string? path = null)
    {
        var file = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? example + ".exe" : example);
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (path is not null) start.Environment["PATH"] = path;
        return Process.Start(start)!;
    }

    private static bool CanSpeak()
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "espeak-ng")) || File.Exists(Path.Combine(folder, "espeak-ng.exe")));

    private void DemandPictures(string model)
    {
        foreach (var picture in (string[])["curves.svg", "confusion.svg"])
        {
            var root = XDocument.Load(Path.Combine(_folder, picture)).Root!;
            Assert.AreEqual("svg", root.Name.LocalName);
            Assert.IsGreaterThan(20, root.Elements().Count(), picture);
        }

        StringAssert.Contains(File.ReadAllText(Path.Combine(_folder, "report.html")), "<polyline");
        Assert.IsGreaterThan(10_000, new FileInfo(Path.Combine(_folder, model)).Length);
    }

    /// <summary>The recordings beside the repository; they are not part of it.</summary>
    private static string Recordings()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var recordings = Path.Combine(folder.FullName, "shared", "data", "fsdd", "recordings");
            if (Directory.Exists(recordings)) return recordings;
        }

        Assert.Inconclusive("skipped: no ../shared/data/fsdd");
        return "";
    }
}
