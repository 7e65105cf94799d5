using AutoTune.Testing;
using AutoTune.Tuners.Racing;

namespace AutoTune.Tuners.Tests.Racing;

[TestClass]
public sealed class RacingSchedulerTests
{
    private static readonly SearchSpaceBuilder Builder = new();
    private static readonly Hyperparameter<double> X = Builder.AddReal("x", 0, 1);
    private static readonly SearchSpace Space = Builder.Build();

    [TestMethod]
    public async Task UseRacing_SixtyTrialsOfFiveFolds_SavesFitsAndKeepsTheBest()
    {
        var all = (await Study(5).RunAsync(trial => Folds(trial, 1), CancellationToken.None)).View;
        var raced = (await Study(5).UseRacing().RunAsync(trial => Folds(trial, 1), CancellationToken.None)).View;
        Assert.AreEqual(300, all.Trials.Sum(trial => trial.Reports.Count));
        Assert.IsLessThan(180, raced.Trials.Sum(trial => trial.Reports.Count));
        Assert.AreEqual(all.Best!.Id, raced.Best!.Id);
    }

    [TestMethod]
    [DataRow(1e-300)]
    [DataRow(1e-12)]
    [DataRow(1e300)]
    public async Task UseRacing_LossesAtAnyScale_StopsTheSameTrials(double unit)
    {
        var plain = (await Study(5).UseRacing().RunAsync(trial => Folds(trial, 1), CancellationToken.None)).View;
        var scaled = (await Study(5).UseRacing().RunAsync(trial => Folds(trial, unit), CancellationToken.None)).View;
        CollectionAssert.AreEqual(plain.Trials.Select(trial => trial.Reports.Count).ToList(), scaled.Trials.Select(trial => trial.Reports.Count).ToList());
    }

    [TestMethod]
    public async Task UseRacing_AMaximisedMetric_StopsTheLowOnesAndSaysSoInItsValues()
    {
        var study = new StudyBuilder("accuracy").WithSearchSpace(Space).Maximize("accuracy").ForTrials(20).WithRepeats(5).UseRacing();
        var view = (await study.RunAsync(trial => -Folds(trial, 1, sign: -1), CancellationToken.None)).View;
        var stopped = view.Trials.Select(trial => trial.Outcome).OfType<TrialOutcome.Stopped>().First();
        StringAssert.StartsWith(stopped.Reason, $"repeat {stopped.AtStep} of 5: mean accuracy -");
        StringAssert.Contains(stopped.Reason, "the chance to end better is", "one completed trial tells no margin");
        stopped = view.Trials.Select(trial => trial.Outcome).OfType<TrialOutcome.Stopped>().Last();
        StringAssert.Contains(stopped.Reason, "the chance to end better by more than 0.0");
    }

    [TestMethod]
    public void Judge_TheMeanIsTheBetterOne_GoesOn()
    {
        var race = Learnt();
        Assert.IsNull(race.Judge([1, 2], [0.9, 0.95]));
        Assert.IsNotNull(race.Judge([1, 2], [2.0, 2.1]));
    }

    [TestMethod]
    public void Judge_ALagOfAMarginLess_StopsWhereThatMarginIsIndifferent()
    {
        int[] steps = [1, 2];
        // The margin only shifts the test: a trial is judged as one that lags by the margin more is judged where nothing is indifferent.
        var margin = Learnt().Judge(steps, [2.0, 2.1])!.Value.Margin;
        Assert.IsGreaterThan(0, margin);
        Assert.AreEqual(0, Learnt(0).Judge(steps, [2.0, 2.1])!.Value.Margin);
        Assert.IsNull(Learnt(0).Judge(steps, [1, 1.1]), "lag 0");
        Assert.IsNotNull(Learnt(0).Judge(steps, [1.49, 1.59]), "lag .49");
        for (var lag = 0.0; lag < 0.5; lag += 0.01)
        {
            var isStopped = Learnt(0).Judge(steps, [1 + lag, 1.1 + lag]) is not null;
            Assert.AreEqual(isStopped, Learnt().Judge(steps, [1 + lag - margin, 1.1 + lag - margin]) is not null, $"{lag}");
        }
    }

    [TestMethod]
    public void Judge_TheLastRepeat_GoesOn() => Assert.IsNull(Learnt().Judge([1, 2, 3, 4, 5], [9.0, 9, 9, 9, 9]));

    [TestMethod]
    public void Judge_BeforeATrialHasCompleted_GoesOn() => Assert.IsNull(new Race(new RacingOptions()).Judge([1], [9.0]));

    [TestMethod]
    public void Judge_OneCompletedTrial_NeedsTheTrialsOwnRepeats()
    {
        var race = new Race(new RacingOptions());
        race.Complete(new TrialId(0), [1, 2, 3, 4, 5], [1.0, 1.1, 1.05, 1.02, 1.03]);
        Assert.IsNull(race.Judge([1], [5.0]), "one repeat says nothing of how much they differ");
        Assert.IsNotNull(race.Judge([1, 2, 3], [5.0, 5.11, 5.055]));
    }

    [TestMethod]
    public void Judge_ATrialThatSkipsRepeats_IsComparedAtThoseItReports()
    {
        var race = Learnt();
        Assert.IsNotNull(race.Judge([2], [2.0]));
        Assert.IsNotNull(race.Judge([1, 4], [2.0, 2.0]));
    }

    [TestMethod]
    public void Judge_TrialsWithFewerRepeats_AreNoMeasure()
    {
        var race = new Race(new RacingOptions());
        race.Complete(new TrialId(0), [1, 2, 3], [1.0, 1.0, 1.0]);
        race.Complete(new TrialId(1), [1, 2, 3, 4], [2.0, 2.0, 2.0, 2.0]);
        race.Complete(new TrialId(2), [1, 2, 3], [1.0, 1.0, 1.0]);
        Assert.AreEqual(new TrialId(1), race.Best!.Trial);
    }

    [TestMethod]
    public void UseRacing_StepsThatAreNoRepeats_IsAProblemOfTheDefinition()
    {
        var study = new StudyBuilder("epochs").WithSearchSpace(Space).Minimize("loss").ForTrials(3).UseRacing().WithEpochs(5);
        var error = Assert.ThrowsExactly<StudyDefinitionException>(() => study.Open());
        Assert.AreEqual("Study 'epochs': UseRacing compares repeats, but the steps of its trials are Epochs; say WithRepeats(...), or use a scheduler for such steps.", error.Message);
    }

    [TestMethod]
    public void UseRacing_OptionsOutOfRange_AreAllSaid()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new StudyBuilder("x").UseRacing(new RacingOptions { Error = 0.5, Elites = 0, Indifference = -1 }));
        StringAssert.Contains(error.Message, "RacingOptions.Error is 0.5; it must be above 0 and below 0.5.");
        StringAssert.Contains(error.Message, "RacingOptions.Indifference is -1; it must be 0 or more.");
        StringAssert.Contains(error.Message, "RacingOptions.Elites is 0; it must be 1 or more.");
    }

    private static Race Learnt(double indifference = 1)
    {
        var race = new Race(new RacingOptions { Indifference = indifference });
        for (var t = 0; t < 4; t++)
        {
            double wiggle = 0.02 * (t - 1.5);
            race.Complete(new TrialId(t), [1, 2, 3, 4, 5], [1 + wiggle, 1.01 - wiggle, 1 + 0.1 * t, 1 + 0.1 * t, 1 + 0.1 * t]);
        }

        return race;
    }

    private static StudyBuilder Study(int folds)
        => new StudyBuilder("folds").WithSearchSpace(Space).Minimize("RMSE").WithSeed(4).ForTrials(60).WithRepeats(folds);

    private static double Folds(ITrialContext trial, double unit, int sign = 1)
    {
        double sum = 0, truth = Math.Abs(trial.Configuration.Get(X) - 0.3);
        for (var fold = 1; fold <= 5; fold++)
        {
            sum += unit * (1 + truth + 0.2 * new RandomSource(9).Fork("fold", fold).NextGaussian() + 0.03 * trial.Random.Fork("fold", fold).NextGaussian());
            if (!trial.Report(fold, sign * sum / fold).IsContinue) break;
        }

        return sum / 5;
    }
}
