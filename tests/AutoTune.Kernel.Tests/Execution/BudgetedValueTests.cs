using AutoTune.Scheduling;

namespace AutoTune.Kernel.Tests.Execution;

/// <summary>An objective that keeps to its budget and returns a value, without a report.</summary>
[TestClass]
public sealed class BudgetedValueTests
{
    private static readonly SearchSpaceBuilder Builder = new();
    private static readonly Hyperparameter<double> X = Builder.AddReal("x", 0, 1);
    private static readonly SearchSpace Space = Builder.Build();

    [TestMethod]
    public async Task RunAsync_SilentObjectiveWithBudgets_PausesAtThemAndCompletesOnlyWholeTrials()
    {
        var result = await new StudyBuilder("silent").WithSearchSpace(Space).Minimize("loss").WithEpochs(27, canResume: true).ForTrials(30)
            .UseAsha(new AshaOptions { Form = AshaForm.Promotion })
            // The shorter the training the better it looks: a part that passed for a whole would be the best.
            .RunAsync(trial => trial.Configuration.Get(X) + trial.Budget!.Value, CancellationToken.None);
        Assert.IsGreaterThan(0, result.View.CompletedCount);
        foreach (var trial in result.View.Trials.Where(trial => trial.State == TrialState.Completed)) Assert.AreEqual(27, trial.LastReport!.Value.Step, $"{trial.Id}");
        Assert.IsNotEmpty(result.View.Paused);
    }

    [TestMethod]
    public async Task RunAsync_SilentObjectiveWithoutBudget_ReportsNothing()
    {
        var result = await new StudyBuilder("silent").WithSearchSpace(Space).Minimize("loss").ForTrials(3).RunAsync(trial => trial.Configuration.Get(X), CancellationToken.None);
        Assert.AreEqual(3, result.View.CompletedCount);
        Assert.IsTrue(result.View.Trials.All(trial => trial.Reports.IsEmpty));
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(5)]
    [DataRow(7)]
    public async Task RunAsync_ReportsThatSkipTheBudget_PauseThereAndCompleteOnlyWholeTrials(int every)
    {
        var result = await Promoted(trial => Train(trial, every, lastStep: 27));
        Assert.IsGreaterThan(0, result.View.CompletedCount);
        foreach (var trial in result.View.Trials.Where(trial => trial.State == TrialState.Completed)) Assert.AreEqual(27, trial.LastReport!.Value.Step, $"{trial.Id}");
        foreach (var trial in result.View.Paused) Assert.Contains(result.View[trial].PausedAtStep, [1, 3, 9]);
    }

    [TestMethod]
    public async Task RunAsync_ObjectiveThatEndsByItself_IsCompleteThere()
    {
        // It reports every step, and has had enough after the fifth: at the pace of its reports there would have been another within its budget of 9.
        var result = await Promoted(trial => Train(trial, every: 1, lastStep: 5));
        Assert.IsGreaterThan(0, result.View.CompletedCount);
        foreach (var trial in result.View.Trials.Where(trial => trial.State == TrialState.Completed)) Assert.AreEqual(5, trial.LastReport!.Value.Step, $"{trial.Id}");
    }

    private static Task<StudyResult> Promoted(Func<ITrialContext, double> objective)
        => new StudyBuilder("seldom").WithSearchSpace(Space).Minimize("loss").WithEpochs(27, canResume: true).ForTrials(30)
            .UseAsha(new AshaOptions { Form = AshaForm.Promotion }).RunAsync(objective, CancellationToken.None);

    // The shorter the training the better it looks: a part that passed for a whole would be the best.
    private static double Train(ITrialContext trial, int every, int lastStep)
    {
        var end = Math.Min(trial.Budget!.Value, lastStep);
        for (var step = trial.ResumeAfterStep + 1; step <= end; step++)
        {
            if (step % every == 0 && !trial.Report(step, trial.Configuration.Get(X) + step).IsContinue) break;
        }

        return trial.Configuration.Get(X) + end;
    }
}
