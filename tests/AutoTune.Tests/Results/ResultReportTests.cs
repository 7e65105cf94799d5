using AutoTune.Results;

namespace AutoTune.Tests.Results;

[TestClass]
public sealed class ResultReportTests
{
    [TestMethod]
    public async Task Report_OfAFinishedStudy_ShowsBestImportanceAndLeaders()
    {
        var result = await Example.RunAsync(40, maximize: true, fails: true);
        var lines = Drawn.Lines(ResultReport.Of(result, 100, unicode: true), 100);
        var text = string.Join("\n", lines);
        Assert.Contains("example maximize accuracy", text);
        Assert.Contains("32 trials completed, 8 failed; ended because all 40 trials have been evaluated", text);
        Assert.Contains("importance", text);
        Assert.AreEqual(100, lines.Where(line => line.EndsWith("% │", StringComparison.Ordinal)).Sum(line => int.Parse(line[^6..^3], null)), 1, text);
        Assert.AreEqual(5, lines.Count(line => line.Contains("kind=", StringComparison.Ordinal)), text);
        Assert.Contains($" {result.Best.Id.Number} │", lines.First(line => line.Contains("kind=", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Report_OfFewTrials_LeavesImportanceOut()
    {
        var text = Drawn.Text(ResultReport.Of(await Example.RunAsync(3), 100, unicode: true), 100);
        Assert.DoesNotContain("importance", text);
        Assert.Contains("learning rate", text);
    }

    [TestMethod]
    public void Report_WithoutAValue_SaysSo()
    {
        using var study = new StudyBuilder("nothing").Open();
        var text = Drawn.Text(ResultReport.Of(study.Result with { Warnings = ["the disk [is] full"] }, 100, unicode: true), 100);
        Assert.Contains("no value; 0 trials completed; it goes on", text);
        Assert.Contains("Warning: the disk [is] full", text);
    }

    [TestMethod]
    public async Task Report_WhereSeveralProposed_SaysWhoFoundWhat()
    {
        var result = await new StudyBuilder("two").UsePortfolio().TryFirst(set => set.Set("x", 0.1)).WithSearchSpace(Line()).ForTrials(3)
            .RunAsync(trial => (double)trial.Configuration.Values[0].Value);
        var text = Drawn.Text(ResultReport.Of(result, 100, unicode: true), 100);
        Assert.Contains("New bests: Gaussian process ", text);
        Assert.Contains("known point 1 in 1 trial", text);
    }

    [TestMethod]
    public void Report_WhereNoTrialMeetsTheRequirements_SaysSo()
    {
        using var study = new StudyBuilder("strict").WithSearchSpace(Line()).Require("size", atMost: 1).ForTrials(3).Open();
        while (study.Ask() is { } trial) study.Tell(trial, new TrialValues(1).With("size", 2));
        Assert.Contains("no trial meets the requirements; 3 trials completed", Drawn.Text(ResultReport.Of(study.Result, 100, unicode: true), 100));
    }

    [TestMethod]
    public async Task Report_WithTrialsEndedEarly_SaysHowManyWhenWhyAndWhatWasSaved()
    {
        // Trials 1 and 3 are stopped after two of four steps, trial 2 is paused after three and never resumed.
        var result = await new StudyBuilder("ends").WithSearchSpace(Line()).UseScheduler(_ => new Ends()).ForTrials(5).RunAsync(trial =>
        {
            for (var step = 1; step <= 4; step++)
            {
                if (!trial.Report(step, 1).IsContinue) break;
            }

            return 1;
        });
        var text = Drawn.Text(ResultReport.Of(result, 100, unicode: true), 100).Replace("\n", " ", StringComparison.Ordinal);
        Assert.Contains("2 trials completed, 2 stopped early, 1 left paused (5 of 20 steps saved); ended", text);
        Assert.Contains("Stopped early: 2 after step 2; the last was trial 3, it was [too] slow", text);
        Assert.Contains("Left paused: 1 after step 3; the last was trial 2, others first", text);
    }

    [TestMethod]
    [DataRow(true, "(54 of 81 steps saved)")] // nine of 1, three of 3, one of 9
    [DataRow(false, "(60 of 81 steps saved)")] // three go on by 2, one by 6
    public async Task Report_WithTrainingsThatBeganAnew_CountsThemAll(bool isAnew, string saved)
    {
        var study = new StudyBuilder("anew").WithSearchSpace(Line()).UseHyperband().ForTrials(9).WithSteps(new TrialSteps(9, isAnew ? StepKind.Lengths : StepKind.Epochs) { CanResume = true });
        var result = await study.RunAsync(trial =>
        {
            trial.Report(trial.Budget!.Value, (double)trial.Configuration.Values[0].Value);
            return (double)trial.Configuration.Values[0].Value;
        });
        Assert.Contains(saved, Drawn.Text(ResultReport.Of(result, 100, unicode: true), 100).Replace("\n", " ", StringComparison.Ordinal));
    }

    private sealed class Ends : AutoTune.Scheduling.IScheduler
    {
        public AutoTune.Scheduling.WorkOrder NextWork(StudyView study) => new AutoTune.Scheduling.WorkOrder.StartTrial();

        public Directive Judge(TrialReport report, StudyView study) => (report.Trial.Number, report.Step) switch
        {
            (1 or 3, 2) => Directive.Stop("it was [too] slow"),
            (2, 3) => Directive.Pause("others first"),
            _ => Directive.Continue,
        };

        public void Observe(StudyEvent studyEvent) { }
    }

    [TestMethod]
    [DataRow(1), DataRow(20), DataRow(40), DataRow(80), DataRow(300)]
    public async Task Report_OfAnyWidth_Fits(int width)
    {
        var result = await Example.RunAsync(40);
        foreach (var unicode in new[] { true, false })
        {
            var lines = Drawn.Lines(ResultReport.Of(result, width, unicode), Math.Max(width, 20), unicode);
            Assert.IsTrue(lines.All(line => line.Length <= Math.Clamp(width, 20, 100)), string.Join("\n", lines));
        }
    }

    [TestMethod]
    public async Task Report_WithoutUnicode_IsAscii()
    {
        var text = Drawn.Text(ResultReport.Of(await Example.RunAsync(40), 80, unicode: false), 80, unicode: false);
        Assert.IsTrue(text.All(character => character < 128), text);
    }

    private static SearchSpace Line()
    {
        var space = new SearchSpaceBuilder();
        space.AddReal("x", 0, 1);
        return space.Build();
    }
}
