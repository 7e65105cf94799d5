using System.Text.Json;
using AutoTune.Scheduling;
using Microsoft.ML;

namespace AutoTune.MLNet.Tests;

/// <summary>What a scheduler gets of a cross-validation: steps, budgets, pauses, and what is left of trials that it ends.</summary>
[TestClass]
public sealed class FoldByFoldTests
{
    private static readonly MLContext Ml = new(1);
    private static readonly IDataView Cars = DataSets.Cars(Ml);
    private static readonly TunablePipeline Pipeline = DataSets.CarFeatures(Ml).AppendTunable(Ml.Regression.Trainers.Tunable().FastTree("Price"));

    [TestMethod]
    public async Task Steps_OfEachKindOfEvaluation_AreSaid()
    {
        Assert.AreEqual(new TrialSteps(4, StepKind.Repeats) { CanResume = true }, await Steps(tuning => tuning.CrossValidate(4)));
        Assert.AreEqual(new TrialSteps(1, StepKind.Repeats) { CanResume = true }, await Steps(tuning => tuning.HoldOut()));
        Assert.AreEqual(new TrialSteps(1, StepKind.Repeats) { CanResume = true }, await Steps(tuning => tuning.ValidateOn(Cars)));
        Assert.AreEqual(new TrialSteps(3, StepKind.Samples) { CanResume = true }, await Steps(tuning => tuning.GrowSamples(3)));
        Assert.AreEqual(new TrialSteps(9, StepKind.Samples) { CanResume = true }, await Steps(tuning => tuning.HoldOut().GrowTrees()));

        static async Task<TrialSteps?> Steps(Func<PipelineTuning<Microsoft.ML.Data.RegressionMetrics>, PipelineTuning<Microsoft.ML.Data.RegressionMetrics>> describe)
        {
            // As a scheduler's verb sees them: when the study is opened.
            TrialSteps? steps = null;
            await Pipeline.TuneAsync(Ml, Cars, tuning =>
            {
                var described = describe(tuning.Regression("Price")).UseRandom().ForTrials(1);
                return described.UseScheduler(_ =>
                {
                    steps = described.Steps;
                    return new Rungs(1, 1);
                });
            });
            return steps;
        }
    }

    [TestMethod]
    public async Task Budget_OfTwoFoldsThenFour_IsKeptToAndNoFoldIsFittedTwice()
    {
        var fits = 0;
        var pipeline = DataSets.CarFeatures(Ml).AppendTunable(space =>
        {
            var leaves = space.AddInteger("leaves", 2, 9);
            return (ml, configuration) =>
            {
                fits++;
                return ml.Regression.Trainers.FastTree(new Microsoft.ML.Trainers.FastTree.FastTreeRegressionTrainer.Options
                {
                    LabelColumnName = "Price", NumberOfLeaves = configuration.Get(leaves), NumberOfTrees = 3, NumberOfThreads = 1,
                });
            };
        });
        var plain = await pipeline.TuneAsync(Ml, Cars, tuning => tuning.Regression("Price").CrossValidate(4).UseRandom().ForTrials(1));
        fits = 0;
        var budgeted = await pipeline.TuneAsync(Ml, Cars, tuning => tuning.Regression("Price").CrossValidate(4).UseRandom().UseScheduler(_ => new Rungs(2, 4)).ForTrials(1));
        Assert.AreEqual(1 + 4 + 1, fits, "the check at the door, each fold once, the model at the end");
        foreach (var (expected, trial) in plain.Study.View.Trials.Zip(budgeted.Study.View.Trials))
        {
            Assert.AreEqual(2, trial.PausedAtStep);
            CollectionAssert.AreEqual(expected.Reports.Select(report => report.Loss).ToList(), trial.Reports.Select(report => report.Loss).ToList());
            Assert.AreEqual(Figures(expected), Figures(trial), "every figure of the folds before the pause counts");
        }

        // Seconds differ from run to run.
        static string Figures(Trial trial) => string.Join("; ", ((TrialOutcome.Completed)trial.Outcome!).Metrics.Remove(TrialFigures.TrainingSeconds).Select(figure => figure.ToString()));
    }

    [TestMethod]
    public async Task StoppedTrial_KeepsTheValuesFiguresAndSecondsOfItsFolds()
    {
        var folder = Directory.CreateTempSubdirectory("autotune");
        try
        {
            async Task<TunedModel<Microsoft.ML.Data.RegressionMetrics>> Tune(SchedulerFactory scheduler) => await Pipeline.TuneAsync(Ml, Cars, tuning => tuning
                .Regression("Price").Minimize(metrics => metrics.RootMeanSquaredError).CrossValidate(4).UseRandom().UseScheduler(scheduler).SaveArtifactsIn(folder.FullName).ForTrials(3));
            var plain = await Tune(_ => new Rungs(4, 4));
            var stopped = await Tune(_ => new StopsLaterTrials());

            var (whole, cut) = (plain.FoldValues(plain.Study.View.Trials[2]), stopped.FoldValues(stopped.Study.View.Trials[2]));
            Assert.HasCount(4, whole);
            Assert.HasCount(3, cut);
            Assert.AreEqual(plain.Study.View.Trials[2].Loss!.Value, whole.Average(), 1e-9);
            for (var fold = 0; fold < 3; fold++) Assert.AreEqual(whole[fold], cut[fold], 1e-9 * whole[fold], "the same fold for all");
            var kept = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.FullName, "trial-00002", "folds.json"))).RootElement;
            Assert.AreEqual(3, kept.GetArrayLength());
            Assert.AreEqual(cut[1], kept[1].GetProperty("Value").GetDouble(), 1e-9 * cut[1]);
            Assert.IsGreaterThan(0, kept[2].GetProperty("TrainingSeconds").GetDouble());
            Assert.IsGreaterThan(0, kept[2].GetProperty("Figures").GetProperty("MeanAbsoluteError").GetDouble());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    public async Task FoldValues_OfAMaximisedMetric_HaveItsSign()
    {
        var tuned = await Pipeline.TuneAsync(Ml, Cars, tuning => tuning.Regression("Price").CrossValidate(3).UseRandom().ForTrials(1));
        Assert.AreEqual(tuned.BestValue, tuned.FoldValues(tuned.Study.Best).Average(), 1e-9);
        Assert.IsGreaterThan(0, tuned.BestValue);
    }

    /// <summary>A budget for the first fits of a trial, then, after a pause, one for the whole.</summary>
    internal sealed class Rungs(int first, int whole) : IScheduler
    {
        public WorkOrder NextWork(StudyView study) => study.Paused.IsEmpty ? new WorkOrder.StartTrial(first) : new WorkOrder.ResumeTrial(study.Paused[0], whole);

        public Directive Judge(TrialReport report, StudyView study)
            => report.Step >= study[report.Trial].Budget && report.Step < whole ? Directive.Pause("its budget is used up") : Directive.Continue;

        public void Observe(StudyEvent studyEvent) { }
    }

    private sealed class StopsLaterTrials : IScheduler
    {
        public WorkOrder NextWork(StudyView study) => new WorkOrder.StartTrial();

        public Directive Judge(TrialReport report, StudyView study)
            => report.Trial.Number > 0 && report.Step == 3 ? Directive.Stop("enough") : Directive.Continue;

        public void Observe(StudyEvent studyEvent) { }
    }
}
