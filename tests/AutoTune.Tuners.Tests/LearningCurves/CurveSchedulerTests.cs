using AutoTune.Tuners.LearningCurves;

namespace AutoTune.Tuners.Tests.LearningCurves;

[TestClass]
public sealed class CurveSchedulerTests
{
    private static readonly SearchSpaceBuilder Builder = new();
    private static readonly Hyperparameter<double> X = Builder.AddReal("x", 0, 1);
    private static readonly SearchSpace Space = Builder.Build();

    [TestMethod]
    public async Task UseCurvePrediction_FortyTrials_SavesHalfTheStepsAndKeepsTheBest()
    {
        var all = (await Study().RunAsync(trial => Train(trial), CancellationToken.None)).View;
        var predicted = (await Study().UseCurvePrediction().RunAsync(trial => Train(trial), CancellationToken.None)).View;
        Assert.IsLessThan(0.5 * all.Trials.Sum(trial => trial.Reports.Count), predicted.Trials.Sum(trial => trial.Reports.Count));
        Assert.AreEqual(all.BestValue!.Value, predicted.BestValue!.Value, 0.02);
    }

    [TestMethod]
    public async Task UseCurvePrediction_AStoppedTrial_SaysWhatIsExpectedOfIt()
    {
        var view = (await Study(isMaximized: true).UseCurvePrediction().RunAsync(trial => -Train(trial, sign: -1), CancellationToken.None)).View;
        var stopped = view.Trials.Select(trial => trial.Outcome).OfType<TrialOutcome.Stopped>().First();
        StringAssert.StartsWith(stopped.Reason, $"step {stopped.AtStep}: predicted score -");
        StringAssert.Contains(stopped.Reason, " at step 30; the chance to beat -");
    }

    [TestMethod]
    public async Task UseCurvePrediction_FewerTrialsThanItWaitsFor_StopsNone()
    {
        var view = (await Study().UseCurvePrediction(new CurvePredictionOptions { MinTrials = 40 }).RunAsync(trial => Train(trial), CancellationToken.None)).View;
        Assert.AreEqual(0, view.StoppedCount);
    }

    [TestMethod]
    public async Task UseCurvePrediction_AFirstStep_StopsNoneBeforeIt()
    {
        var view = (await Study().UseCurvePrediction(new CurvePredictionOptions { FirstStep = 10 }).RunAsync(trial => Train(trial), CancellationToken.None)).View;
        Assert.IsGreaterThan(0, view.StoppedCount);
        Assert.IsTrue(view.Trials.All(trial => trial.Reports.Count >= 10));
    }

    [TestMethod]
    public void UseCurvePrediction_LastStepBeyondTheEpochs_IsAProblemOfTheDefinition()
    {
        var space = new SearchSpaceBuilder();
        space.AddReal("x", 0, 1);
        var study = new StudyBuilder("x").WithSearchSpace(space).ForTrials(3).UseCurvePrediction(new CurvePredictionOptions { LastStep = 50 }).WithEpochs(27);
        var error = Assert.ThrowsExactly<StudyDefinitionException>(() => study.Open());
        Assert.AreEqual("Study 'x': UseCurvePrediction: LastStep 50 must be at most the 27 steps that a whole trial has; leave LastStep out for the last of them.", error.Message);
    }

    [TestMethod]
    public void UseCurvePrediction_GrowingLengths_IsAProblemOfTheDefinition()
    {
        var space = new SearchSpaceBuilder();
        space.AddReal("x", 0, 1);
        var error = Assert.ThrowsExactly<StudyDefinitionException>(() => new StudyBuilder("x").WithSearchSpace(space).ForTrials(3).UseCurvePrediction().WithLengths(10).Open());
        Assert.AreEqual("Study 'x': UseCurvePrediction forecasts the curve of a training, and trainings of growing length report their end alone; say WithEpochs, or use StopEarly, UseHyperband or UseAsha.", error.Message);
    }

    [TestMethod]
    public void UseCurvePrediction_OptionsOutOfRange_AreAllSaid()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new StudyBuilder("x").UseCurvePrediction(new CurvePredictionOptions { Chance = 0, LastStep = 1, FirstStep = 0, MinTrials = 0 }));
        StringAssert.Contains(error.Message, "CurvePredictionOptions.Chance is 0; it must be above 0 and below 0.5.");
        StringAssert.Contains(error.Message, "CurvePredictionOptions.LastStep is 1; it must be 2 or more, or null.");
        StringAssert.Contains(error.Message, "CurvePredictionOptions.FirstStep is 0; it must be 1 or more.");
        StringAssert.Contains(error.Message, "CurvePredictionOptions.MinTrials is 0; it must be 1 or more.");
    }

    private static StudyBuilder Study(bool isMaximized = false)
    {
        var study = new StudyBuilder("epochs").WithSearchSpace(Space).WithSeed(4).ForTrials(40).WithEpochs(30);
        return isMaximized ? study.Maximize("score") : study.Minimize("loss");
    }

    private static double Train(ITrialContext trial, int sign = 1)
    {
        double x = trial.Configuration.Get(X), loss = 0;
        for (var epoch = 1; epoch <= 30; epoch++)
        {
            loss = 0.1 + Math.Abs(x - 0.3) + (0.5 + x) * Math.Exp(-epoch / (2 + 6 * x)) + 0.005 * trial.Random.Fork("epoch", epoch).NextGaussian();
            if (!trial.Report(epoch, sign * loss).IsContinue) break;
        }

        return loss;
    }
}
