using AutoTune.Progress;

namespace AutoTune.Tests.Progress;

[TestClass]
public sealed class ProgressLinesTests
{
    [TestMethod]
    public async Task Lines_OfAWholeStudy_TellStartBestsTenthsAndEnd()
    {
        double[] values = [5, 7, 3, 4, 4, 4, 4, 4, 4, 4, 4, 1, 4, 4, 4, 4, 4, 4, 4, 4];
        var lines = await LinesAsync(new StudyBuilder("lines").Minimize("error").ForTrials(20), trial => values[trial.Id.Number] + 0 * trial.Integer("n", 4, 4));
        CollectionAssert.AreEqual(new[]
        {
            "Study 'lines': minimize error, up to 20 trials",
            "0.0 s: trial 0 is the new best, error 5 (n=4)",
            "0.0 s: 2 of 20 trials, best error 5 in trial 0, about 0.0 s left",
            "0.0 s: trial 2 is the new best, error 3 (n=4)",
            "0.0 s: 4 of 20 trials, best error 3 in trial 2, about 0.0 s left",
        }, lines.Take(5).ToArray());
        Assert.AreEqual("Study 'lines' ended after 0.0 s: 20 trials, best error 1 in trial 11", lines[^1]);
        Assert.HasCount(1 + 3 + 9 + 1, lines);
    }

    [TestMethod]
    public async Task Lines_OfAStopRuleThatSaysHowFarItIs_EndWithIt()
    {
        var lines = await LinesAsync(new StudyBuilder("lines").Minimize("error").ForTrials(10).StopWhen(new Countdown()), trial => trial.Integer("n", 4, 4));
        Assert.AreEqual("0.0 s: 2 of 10 trials, best error 4 in trial 0, about 0.0 s left; 8 to go", lines[3]);
    }

    [TestMethod]
    public async Task Lines_OfFailuresAlone_SayNoValueYet()
    {
        var study = new StudyBuilder("bad").ForTrials(5);
        var lines = new List<string>();
        study.Observe(Observer(study, lines));
        await Assert.ThrowsExactlyAsync<StudyFailedException>(() => study.RunAsync(FailingObjective));
        Assert.AreEqual("Study 'bad' ended after 0.0 s: 5 trials (5 failed), no value yet", lines[^1]);
    }

    [TestMethod]
    [DataRow("", 8, ""), DataRow("abc", 8, "abc     "), DataRow("12345678", 8, "12345678"), DataRow("123456789", 8, "123456789       "), DataRow("abc", 0, "abc")]
    public void Padded_OfAnyLine_FillsItsLastRow(string line, int width, string padded) => Assert.AreEqual(padded, Screens.Padded(line, width));

    [TestMethod]
    public void Lines_OfAResumedStudy_SayWhereItStood()
    {
        var frame = ProgressFrameTests.Frame(trials: 10, elapsed: 0, time: 60) with { EndedBefore = 2 };
        CollectionAssert.AreEqual(
            new[] { "Study 'under way': maximize accuracy, up to 10 trials, for at most 1 min 0 s; it goes on after 2 trials, best accuracy 0.75 in trial 1" },
            new ProgressLines().Next(frame).ToArray());
    }

    [TestMethod]
    public async Task Lines_OfTrialsThatAreLeftPaused_CountThem()
    {
        var lines = await LinesAsync(new StudyBuilder("halves").Minimize("error").WithEpochs(4, canResume: true).UseAsha(new Scheduling.AshaOptions { Form = Scheduling.AshaForm.Promotion, Reduction = 4 }).ForTrials(20), trial =>
        {
            for (var step = trial.ResumeAfterStep + 1; step <= trial.Budget; step++)
            {
                if (!trial.Report(step, trial.Id.Number).IsContinue) break;
            }

            return trial.Id.Number + 0 * trial.Integer("n", 4, 4);
        });
        Assert.Contains("2 of 20 trials (2 paused), no value yet", lines[1]);
        Assert.MatchesRegex(@"^Study 'halves' ended after 0.0 s: 20 trials \(1\d paused\), best error 0 in trial 0$", lines[^1]);
    }

    private static double FailingObjective(ITrialContext trial) => throw new InvalidOperationException("always");

    private static async Task<List<string>> LinesAsync(StudyBuilder study, Func<ITrialContext, double> objective)
    {
        var lines = new List<string>();
        // Trials of one configuration: repeats are wanted.
        await study.AllowRepeats().Observe(Observer(study, lines)).RunAsync(objective);
        return lines;
    }

    private static ProgressObserver Observer(StudyBuilder study, List<string> lines)
        => new(study.UseTime(new StillTime()), () => new LineScreen(lines.Add));

    private sealed class Countdown : IStopRule
    {
        public string? Standing => "8 to go";

        public string? ReasonToStop(StudyView study, TimeSpan elapsed) => null;
    }
}
