using AutoTune.Progress;

namespace AutoTune.Tests.Progress;

[TestClass]
public sealed class ProgressObserverTests
{
    [TestMethod]
    public async Task LiveScreen_OfAWholeStudy_EndsWithTheFinalFrame()
    {
        var (console, text) = Drawn.Console(80, ansi: true);
        var study = new StudyBuilder("live").ForTrials(12);
        study.Observe(new ProgressObserver(study, () => new LiveScreen(console)));
        await study.RunAsync(trial => trial.Real("x", 0, 1));

        var shown = text.ToString();
        Assert.Contains("\u001b[?25l", shown, "the cursor is hidden while it runs");
        Assert.Contains("12 of 12 trials", shown[shown.LastIndexOf("\u001b[?25h", StringComparison.Ordinal)..], "the last frame stands when the cursor is back");
    }

    [TestMethod]
    public async Task LiveScreen_OnAConsoleThatThrows_LeavesTheStudyAlone()
    {
        var study = new StudyBuilder("no audience").ForTrials(5);
        study.Observe(new ProgressObserver(study, () => new LiveScreen(BrokenConsole())));
        var result = await study.RunAsync(trial => trial.Real("x", 0, 1));
        Assert.AreEqual(5, result.View.CompletedCount);
        Assert.IsEmpty(result.Warnings);
    }

    [TestMethod]
    public async Task LineScreen_OnAPipeThatIsGone_LeavesTheStudyAlone()
    {
        var study = new StudyBuilder("no audience").ForTrials(5);
        study.Observe(new ProgressObserver(study, () => new LineScreen(_ => throw new IOException("gone"))));
        Assert.AreEqual(5, (await study.RunAsync(trial => trial.Real("x", 0, 1))).View.CompletedCount);
    }

    [TestMethod]
    public async Task Observer_ReadsLimitsWhenTheStudyBegins()
    {
        var lines = new List<string>();
        var study = new StudyBuilder("late");
        study.Observe(new ProgressObserver(study, () => new LineScreen(lines.Add)));
        await study.ForTrials(3).RunAsync(trial => trial.Real("x", 0, 1));
        Assert.AreEqual("Study 'late': minimize loss, up to 3 trials", lines[0]);
    }

    [TestMethod]
    public void Observer_OfAStudyWithoutFacts_OpensNoScreen()
    {
        var observer = new ProgressObserver(new StudyBuilder("none"), () => throw new InvalidOperationException("opened"));
        observer.Dispose();
    }

    [TestMethod]
    public async Task ShowProgress_None_TakesItAway()
    {
        var study = new StudyBuilder("quiet").ShowProgress(ProgressDisplay.Lines).ShowProgress(ProgressDisplay.None).ForTrials(2);
        Assert.AreEqual(2, (await study.RunAsync(trial => trial.Real("x", 0, 1))).View.CompletedCount);
    }

    private static Spectre.Console.IAnsiConsole BrokenConsole()
        => Spectre.Console.AnsiConsole.Create(new Spectre.Console.AnsiConsoleSettings
        {
            Ansi = Spectre.Console.AnsiSupport.Yes,
            Interactive = Spectre.Console.InteractionSupport.Yes,
            Out = new Spectre.Console.AnsiConsoleOutput(new BrokenWriter()),
        });

    private sealed class BrokenWriter : StringWriter
    {
        public override void Write(char value) => throw new IOException("gone");

        public override void Write(string? value) => throw new IOException("gone");

        public override void Write(char[] buffer, int index, int count) => throw new IOException("gone");
    }
}
