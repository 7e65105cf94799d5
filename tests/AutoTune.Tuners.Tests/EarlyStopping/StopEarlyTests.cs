using AutoTune.Execution;
using AutoTune.Journals;
using AutoTune.Scheduling;
using AutoTune.Testing;
using AutoTune.Tuners.DifferentialEvolution;
using AutoTune.Tuners.EarlyStopping;
using AutoTune.Tuners.GaussianProcess;

namespace AutoTune.Tuners.Tests.EarlyStopping;

[TestClass]
public sealed class StopEarlyTests
{
    private static readonly SearchSpaceBuilder Builder = new();
    private static readonly Hyperparameter<double> X = Builder.AddReal("x", 0, 1);
    private static readonly SearchSpace Space = Builder.Build();

    [TestMethod]
    public async Task StopEarly_Epochs_SavesMostStepsAndFindsTheSame()
    {
        var all = await Run(study => study.WithEpochs(27), Epochs);
        var early = await Run(study => study.WithEpochs(27).StopEarly(), Epochs);
        Assert.IsLessThan(0.5 * Steps(all), Steps(early));
        Assert.AreEqual(all.Best!.Loss!.Value, early.Best!.Loss!.Value, 1e-12); // the same random configurations
        var stopped = early.Trials.Where(trial => trial.State == TrialState.Stopped).ToList();
        Assert.IsNotEmpty(stopped);
        foreach (var trial in stopped) Assert.Contains($"step {trial.LastReport!.Value.Step}: ", ((TrialOutcome.Stopped)trial.Outcome!).Reason);
    }

    [TestMethod]
    public async Task StopEarly_CurvesCross_StillFindsTheSlowStarters()
    {
        // The slower the start the better the end: halving alone would never let one of the best through.
        double Crossing(double x, int step) => step < 27 ? x : 1 - x;
        var halving = await Run(study => study.WithEpochs(27).UseAsha(3), trial => Train(trial, Crossing));
        var early = await Run(study => study.WithEpochs(27).StopEarly(), trial => Train(trial, Crossing));
        Assert.IsGreaterThan(0.3, halving.Best!.Loss!.Value);
        Assert.IsLessThan(0.05, early.Best!.Loss!.Value);
    }

    [TestMethod]
    [DataRow(27, 5, 14, 9)]
    [DataRow(10, 2, 5, 4)]
    [DataRow(5, 1, 3, 2)]
    public async Task StopEarly_EpochsThatResume_OpensWithABracket(int epochs, int fifth, int half, int third)
    {
        var view = await Run(study => study.WithEpochs(epochs, canResume: true).StopEarly(), trial => Train(trial, (x, step) => x + 1.0 / step, epochs));
        var opening = view.Trials.Take(12).ToList();
        Assert.IsTrue(opening.TrueForAll(trial => trial.Reports.Count(report => report.Step == 1) == 1)); // nothing is trained twice
        CollectionAssert.AreEqual(Enumerable.Repeat(fifth, 9).Concat([half, half, epochs]).ToArray(), opening.Select(trial => trial.LastReport!.Value.Step).Order().ToArray());
        Assert.IsTrue(view.Trials.Skip(12).All(trial => trial.LastReport!.Value.Step >= third && trial.Tags.IsEmpty));
        Assert.HasCount(11, view.Paused);
        Assert.AreEqual(view.Trials.Min(trial => trial.Configuration.Get(X)) + 1.0 / epochs, view.Best!.Loss!.Value, 1e-12);
    }

    [TestMethod]
    public async Task StopEarly_EpochsThatDoNotResumeOrFewTrialsOrFewEpochs_PausesNobody()
    {
        foreach (var (steps, with) in new (int, Func<StudyBuilder, StudyBuilder>)[]
        {
            (27, study => study.WithEpochs(27)), (27, study => study.WithEpochs(27, canResume: true).ForTrials(47)), (4, study => study.WithEpochs(4, canResume: true)),
        })
        {
            var view = await Run(study => with(study).StopEarly(), trial => Train(trial, (x, step) => x + 1.0 / step, steps));
            Assert.IsEmpty(view.Paused);
            Assert.IsGreaterThan(10, view.StoppedCount);
        }
    }

    [TestMethod]
    public void StopEarly_EpochsThatResume_BeginsWithAResultWhereTimeARuleOfOnesOwnOrACancellationEndsTheStudy()
    {
        foreach (var (begin, with) in new (int, Func<StudyBuilder, StudyBuilder>)[]
        {
            (27, study => study), (27, study => study.ForTrials(60).ForAtMost(TimeSpan.FromHours(1))), (27, study => study.UntilValue(0).ForAtMost(TimeSpan.FromHours(1))),
            (27, study => study.ForTrials(60).StopWhen((_, _) => null)), (27, study => study.StopWhen((_, _) => null)),
            (5, study => study.ForTrials(60)), (5, study => study.UntilNoImprovementFor(20)), (5, study => study.UntilRegretBelowNoise()), (5, study => study.StopWhen((_, _) => null, needsResult: true)),
        })
        {
            using var study = with(new StudyBuilder("early").WithSearchSpace(Space).Minimize("loss").WithSeed(2).WithEpochs(27, canResume: true).StopEarly()).Open();
            Assert.AreEqual(begin, study.Ask()!.Budget);
            Assert.AreEqual(5, study.Ask()!.Budget);
        }
    }

    [TestMethod]
    public async Task StopEarly_SaidBeforeTheSteps_IsTheSame()
    {
        var before = await Run(study => study.StopEarly().WithEpochs(27), Epochs);
        var after = await Run(study => study.WithEpochs(27).StopEarly(), Epochs);
        Assert.AreEqual(Steps(after), Steps(before));
        Assert.AreEqual(after.EventCount, before.EventCount);
    }

    [TestMethod]
    public async Task StopEarly_SharesThatTell_TrainsMostTrialsOnAShareOnlyOnceThatHasProvedItself()
    {
        var view = await Run(study => study.WithSamples(27).StopEarly(), trial => Sample(trial, (x, step) => x + 1.0 / step));
        var tries = view.Trials.Skip(29).Count(trial => trial.Id.Number % 8 == 0);
        Assert.IsTrue(view.Trials.Skip(29).All(trial => trial.Reports[0].Step == 3));
        Assert.IsLessThan(tries + 5, view.Trials.Skip(29).Count(trial => trial.State == TrialState.Completed));
        Assert.AreEqual(view.Trials.Min(trial => trial.Configuration.Get(X)) + 1.0 / 27, view.Best!.Loss!.Value, 1e-12);
    }

    [TestMethod]
    public async Task StopEarly_SharesThatMislead_CostsThreePercentAndADozenSharesAtMost()
    {
        var view = await Run(study => study.WithSamples(27).StopEarly(), trial => Sample(trial, (x, step) => step < 27 ? -x : x));
        Assert.AreEqual(60, view.CompletedCount);
        Assert.AreEqual(view.Trials.Min(trial => trial.Configuration.Get(X)), view.Best!.Loss!.Value, 1e-12);
        var tries = view.Trials.Where(trial => trial.Reports[0].Step == 3).Select(trial => trial.Id.Number).ToList();
        CollectionAssert.AreEqual(new[] { 23, 24, 25, 26, 27, 28, 29, 30, 34, 38, 41, 45 }, tries);
        for (var i = 5; i < tries.Count; i++) Assert.IsLessThanOrEqualTo(0.03 * tries[i], (i + 1) / 9.0);
    }

    [TestMethod]
    public async Task StopEarly_SharesAndFewTrials_AreNotTried()
    {
        var view = await Run(study => study.WithSamples(27).StopEarly().ForTrials(23), trial => Sample(trial, (x, step) => x + 1.0 / step));
        Assert.IsTrue(view.Trials.All(trial => trial.Reports.Count == 1 && trial.Reports[0].Step == 27));
    }

    [TestMethod]
    [DataRow(27, 1, 27)]
    [DataRow(60, 2, 27)]
    [DataRow(9, 1, 9)]
    public async Task StopEarly_SharesAndManyTrials_OpensWithTheSmallestShareAndTrainsTheBestAndTheFirstOnesOnAllData(int steps, int share, int opening)
    {
        var order = new List<(int Trial, int Budget)>();
        var view = await Run(study => study.WithSamples(steps).StopEarly().ForTrials(108), trial =>
        {
            order.Add((trial.Id.Number, trial.Budget!.Value));
            return Sample(trial, (x, step) => Math.Abs(x - 0.5) + 1.0 / step);
        });
        var opened = view.Trials.Take(opening).ToList();
        var best = opened.MinBy(trial => trial.Reports[0].Loss)!.Id.Number;
        Assert.IsGreaterThan(2, best); // or the next lines say less
        CollectionAssert.AreEqual(Enumerable.Range(0, opening).Select(trial => (trial, share)).ToArray(), order.Take(opening).ToArray());
        CollectionAssert.AreEqual(new[] { best, 0, 1, 2, opening }.Select(trial => (trial, steps)).ToArray(), order.Skip(opening).Take(5).ToArray());
        Assert.IsTrue(opened.TrueForAll(trial => trial.State == (trial.Id.Number is 0 or 1 or 2 || trial.Id.Number == best ? TrialState.Completed : TrialState.Paused)));
        Assert.Contains($"of {opening} trials on this share of the data the best goes on", opened[3].PauseReason);
    }

    [TestMethod]
    public void StopEarly_SharesAndFewTrialsOrFewSteps_HasNoOpening()
    {
        foreach (var (steps, trials) in new[] { (27, 107), (9, 35), (8, 200) })
        {
            using var study = Study().WithSamples(steps).StopEarly().ForTrials(trials).Open();
            Assert.AreEqual(steps, study.Ask()!.Budget);
        }
    }

    [TestMethod]
    public void StopEarly_SharesAndTimeThatMayEnd_BeginsWithAResult()
    {
        using var study = Study().WithSamples(27).StopEarly().ForTrials(108).ForAtMost(TimeSpan.FromHours(1)).Open();
        CollectionAssert.AreEqual(new[] { 27, 1, 1 }, new[] { study.Ask()!.Budget!.Value, study.Ask()!.Budget!.Value, study.Ask()!.Budget!.Value });
    }

    [TestMethod]
    public async Task StopEarly_SharesTooSmallForATraining_GivesTheOpeningUp()
    {
        var view = await Run(study => study.WithSamples(27).StopEarly().ForTrials(108),
            trial => trial.Budget < 3 ? throw new InvalidOperationException("no row of one class") : Sample(trial, (x, step) => x + 1.0 / step));
        Assert.AreEqual(2, view.Trials.Count(trial => trial.State == TrialState.Failed));
        Assert.AreEqual(27, view.Trials[2].Reports[0].Step);
    }

    [TestMethod]
    [DataRow(27)] // all share trainings fail, on more slots than failures in a row end a study
    [DataRow(2)] // two of three fail
    public async Task StopEarly_SharesTooSmallForManyTrainings_EndsNoStudy(int slots)
    {
        var view = await Run(study => study.WithSamples(27).StopEarly().ForTrials(108).WithSlots(slots),
            trial => trial.Budget < 3 && (slots == 27 || trial.Id.Number % 3 != 0) ? throw new InvalidOperationException("no row of one class") : Sample(trial, (x, step) => x + 1.0 / step));
        Assert.HasCount(108, view.Trials);
        Assert.IsGreaterThan(30, view.CompletedCount);
        Assert.IsLessThan(10, view.FailedCount);
    }

    [TestMethod]
    public async Task StopEarly_AnOpeningThatGoesOnWithoutATimeLimit_IsStillOne()
    {
        var journal = new MemoryJournal();
        StudyBuilder With() => Study().WithSamples(9).StopEarly().UseJournal(_ => journal);
        double Objective(ITrialContext trial) => Sample(trial, (x, step) => Math.Abs(x - 0.5) + 1.0 / step);
        var cut = await With().ForTrials(108).ForAtMost(TimeSpan.FromHours(1)).StopWhen((view, _) => view.Trials.Count == 10 && view.Running.IsEmpty ? "cut" : null).RunAsync(Objective);
        Assert.HasCount(9, cut.View.Paused); // the first one is whole
        var view = (await With().ForTrials(108).RunAsync(Objective)).View;
        Assert.AreEqual(TrialState.Completed, view.Trials.Take(10).Skip(1).MinBy(trial => trial.Reports[0].Loss)!.State);
        Assert.AreEqual(6, view.Trials.Take(10).Count(trial => trial.State == TrialState.Paused)); // trial 9 is no try of a later share
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task StopEarly_KnownPointsThatGoOn_AreNotTrainedTwice(bool samples)
    {
        var view = await Run(study => (samples ? study.WithSamples(27) : study.WithEpochs(27, canResume: true)).StopEarly().TryFirst(point => point.Set(X, 0)).ForTrials(108),
            trial => samples ? Sample(trial, (x, step) => x + 1.0 / step) : Train(trial, (x, step) => x + 1.0 / step));
        var known = view.Trials.Where(trial => trial.Configuration.Get(X) == 0 && trial.Reports.Any(report => report.Step == 27)).ToList();
        Assert.HasCount(1, known);
        Assert.AreEqual(0, known[0].Id.Number);
    }

    [TestMethod]
    public async Task StopEarly_SharesOnSeveralSlots_TrainsTheBestOfAllOnAllData()
    {
        var view = await Run(study => study.WithSamples(27).StopEarly().ForTrials(108).WithSlots(4), trial => Sample(trial, (x, step) => x + 1.0 / step));
        var opening = view.Trials.Where(trial => trial.Reports[0].Step == 1).ToList();
        Assert.HasCount(27, opening);
        Assert.AreEqual(TrialState.Completed, opening.MinBy(trial => trial.Reports[0].Loss)!.State);
        Assert.IsTrue(view.Trials.Take(3).All(trial => trial.State == TrialState.Completed));
    }

    [TestMethod]
    public async Task StopEarly_SharesThatNothingProves_TellTheModelNothing()
    {
        // The same order on the share, so that the same trials go on; but other values.
        async Task<List<double>> Proposals(Func<double, double> onShare)
            => [.. (await Run(study => study.WithSamples(27).StopEarly().UseBayesian(new GaussianProcessOptions { InitialTrials = 27 }).ForTrials(108).StopWhen((view, _) => view.Trials.Count == 33 ? "seen" : null, needsResult: true),
                trial => Sample(trial, (x, step) => step < 27 ? onShare(Math.Abs(x - 0.2)) : Math.Abs(x - 0.7)))).Trials.Select(trial => trial.Configuration.Get(X))];
        var one = await Proposals(loss => loss);
        Assert.HasCount(33, one);
        CollectionAssert.AreEqual(one, await Proposals(loss => Math.Exp(9 * loss)));
    }

    [TestMethod]
    public async Task StopEarly_SharesAndDifferentialEvolution_FillsThePopulationWithTrialsThatRun()
    {
        var view = await Run(study => study.WithSamples(27).StopEarly().UseDifferentialEvolution(new DifferentialEvolutionOptions { PopulationSize = 12 }).ForTrials(108), trial => Sample(trial, (x, step) => x + 1.0 / step));
        Assert.IsTrue(view.Trials.Skip(27).Take(5).All(trial => trial.Tags.ContainsValue("of the first population")));
        Assert.IsFalse(view.Trials[^1].Tags.ContainsValue("of the first population"));
    }

    [TestMethod]
    public async Task StopEarly_Lengths_TrainsTheBestOfManyShortOnesAnewInFull()
    {
        var view = await Run(study => study.WithLengths(10).StopEarly().ForTrials(34), trial => Sample(trial, (x, length) => x + 1.0 / length));
        foreach (var bracket in new[] { view.Trials.Take(17).ToList(), view.Trials.Skip(17).ToList() })
        {
            var best = bracket.Take(15).OrderBy(trial => trial.Configuration.Get(X)).Take(2).Select(trial => trial.Id).ToList();
            foreach (var trial in bracket.Take(15)) CollectionAssert.AreEqual(best.Contains(trial.Id) ? new[] { 2, 10 } : [2], trial.Reports.Select(report => report.Step).ToArray());
            foreach (var trial in bracket.Skip(15)) CollectionAssert.AreEqual(new[] { 10 }, trial.Reports.Select(report => report.Step).ToArray());
        }

        Assert.AreEqual(8, view.CompletedCount);
    }

    [TestMethod]
    [DataRow(2, 1)]
    [DataRow(4, 1)]
    [DataRow(50, 10)]
    public void StopEarly_Lengths_BeginsWithAFifth(int length, int fifth)
    {
        using var study = Study().WithLengths(length).StopEarly().Open();
        Assert.AreEqual(fifth, study.Ask()!.Budget);
        using var timed = Study().WithLengths(length).StopEarly().ForAtMost(TimeSpan.FromHours(1)).Open();
        Assert.AreEqual(length, timed.Ask()!.Budget);
    }

    [TestMethod]
    public async Task StopEarly_Repeats_Races()
    {
        var view = await Run(study => study.WithRepeats(5).StopEarly(), trial => Train(trial, (x, step) => x + 0.01 * Math.Sin(step + 7 * x), 5));
        Assert.IsGreaterThan(10, view.StoppedCount);
    }

    [TestMethod]
    public async Task StopEarly_NothingSaidOfSteps_LearnsHowManyThereAre()
    {
        var view = await Run(study => study.StopEarly(), Epochs);
        Assert.IsGreaterThan(10, view.StoppedCount);
    }

    [TestMethod]
    public async Task StopEarly_NoReports_RunsAllTrials()
    {
        var view = await Run(study => study.StopEarly(), trial => trial.Configuration.Get(X));
        Assert.AreEqual(60, view.CompletedCount);
    }

    [TestMethod]
    public async Task StopEarly_Requirements_MeasuresAgainstTheBestThatMeetsThem()
    {
        // The lower x the lower the loss, but only the upper half meets the requirement: its best trials must not be stopped for being behind the lower half.
        TrialValues Sized(ITrialContext trial, Func<ITrialContext, double> train) => new TrialValues(train(trial)).With("size", 1 - trial.Configuration.Get(X));
        foreach (var (with, train) in new (Func<StudyBuilder, StudyBuilder>, Func<ITrialContext, double>)[] { (s => s.WithEpochs(27), Epochs), (s => s.WithSamples(27), trial => Sample(trial, (x, step) => x + 1.0 / step)) })
        {
            var view = (await with(Study().Require("size", atMost: 0.5)).StopEarly().RunAsync(trial => Sized(trial, train), CancellationToken.None)).View;
            var possible = view.Trials.Where(trial => trial.Configuration.Get(X) >= 0.5).Min(trial => trial.Configuration.Get(X));
            Assert.AreEqual(possible, view.Best!.Configuration.Get(X), 0.05);
        }
    }

    [TestMethod]
    public async Task StopEarly_SamplesAndABudgetThatIsIgnored_CompletesThoseTrials()
    {
        var view = await Run(study => study.WithSamples(27).StopEarly(), trial =>
        {
            trial.Report(27, trial.Configuration.Get(X)); // all data, whatever the budget says
            return trial.Configuration.Get(X);
        });
        Assert.AreEqual(60, view.CompletedCount);
    }

    [TestMethod]
    public async Task StopEarly_SharesReportedBeyondTheBudget_GoOn()
    {
        var view = await Run(study => study.WithSamples(27).StopEarly(), trial =>
        {
            var step = trial.Budget is < 27 ? 5 : 27; // it can train on no less
            trial.Report(step, trial.Configuration.Get(X) + 1.0 / step);
            return trial.Configuration.Get(X) + 1.0 / step;
        });
        Assert.AreEqual(view.Trials.Min(trial => trial.Configuration.Get(X)), view.Best!.Configuration.Get(X));
        Assert.IsGreaterThan(20, view.Paused.Count);
    }

    private static double Epochs(ITrialContext trial) => Train(trial, (x, step) => x + 1.0 / step);

    private static double Train(ITrialContext trial, Func<double, int, double> loss, int steps = 27)
    {
        var last = double.NaN;
        for (var step = trial.ResumeAfterStep + 1; step <= Math.Min(trial.Budget ?? steps, steps); step++)
        {
            last = loss(trial.Configuration.Get(X), step);
            if (!trial.Report(step, last).IsContinue) break;
        }

        return last;
    }

    private static double Sample(ITrialContext trial, Func<double, int, double> loss)
    {
        var step = trial.Budget ?? 27;
        var value = loss(trial.Configuration.Get(X), step);
        trial.Report(step, value);
        return value;
    }

    private static int Steps(StudyView view) => view.Trials.Sum(trial => trial.Reports.Count);

    private static StudyBuilder Study() => new StudyBuilder("early").WithSearchSpace(Space).Minimize("loss").WithSeed(2).ForTrials(60);

    private static async Task<StudyView> Run(Func<StudyBuilder, StudyBuilder> with, Func<ITrialContext, double> objective)
        => (await with(Study()).RunAsync(objective, CancellationToken.None)).View;
}
