using AutoTune.Scheduling;
using Microsoft.ML;

namespace AutoTune.MLNet.Tests;

[TestClass]
public sealed class StoppingTests
{
    private static readonly MLContext Ml = new(1);

    [TestMethod]
    [NeedsLightGbm]
    [Timeout(60_000)]
    [DataRow("LightGbm")]
    [DataRow("FastTree")]
    [DataRow("Sdca")]
    public async Task TuneAsync_CancelledDuringAFit_StopsItAndGivesTheBestSoFar(string trainer)
    {
        using var cancellation = new CancellationTokenSource();
        var fits = 0;
        var pipeline = DataSets.CarFeatures(Ml).AppendTunable(space =>
        {
            var endless = space.AddBoolean("endless");
            return (ml, configuration) =>
            {
                if (configuration.Get(endless)) cancellation.CancelAfter(TimeSpan.FromSeconds(0.5)); // the fit that follows would take many minutes
                fits++;
                return Trainer(ml, trainer, configuration.Get(endless) ? 5_000_000 : 3);
            };
        });
        // The defaults are trial 0, the endless fit is trial 1.
        var tuned = await pipeline.TuneAsync(Ml, DataSets.Cars(Ml), tuning => tuning.Regression("Price").HoldOut()
            .TryFirst(set => set.Set("endless", false)).TryFirst(set => set.Set("endless", true)).UseRandom(), cancellationToken: cancellation.Token);

        Assert.AreEqual("it was cancelled", tuned.Study.StopReason);
        Assert.AreEqual(1, tuned.Study.View.CompletedCount);
        Assert.AreEqual(TrialState.Waiting, tuned.Study.View.Trials[1].State, "interrupted, not failed");
        var fitsBefore = fits;
        Assert.IsNotNull(tuned.Model);
        Assert.AreEqual(fitsBefore + 1, fits, "the model is fitted when it is asked for");
        Assert.AreSame(tuned.Model, tuned.Model);
    }

    [TestMethod]
    public async Task TuneAsync_StoredStudyOfOtherFoldsOrRows_IsRefused()
    {
        var folder = Directory.CreateTempSubdirectory("autotune");
        try
        {
            var pipeline = DataSets.CarFeatures(Ml).AppendTunable(Ml.Regression.Trainers.Tunable().Sdca("Price"));
            var file = Path.Combine(folder.FullName, "cars.db");
            Task Run(IDataView data, int folds) => pipeline.TuneAsync(Ml, data, tuning => tuning.Regression("Price").CrossValidate(folds).UseRandom().ForTrials(1).SaveTo(file), name: "cars");
            async Task<string> Refusal(IDataView data, int folds) => (await Assert.ThrowsExactlyAsync<StudyDefinitionException>(() => Run(data, folds))).Message;
            var cars = DataSets.Cars(Ml);
            await Run(Ml.Data.TakeRows(cars, 100), 2);
            await Run(Ml.Data.TakeRows(cars, 100), 2);
            Assert.Contains("evaluated by [2 folds of 100 rows, label Price, data ", await Refusal(Ml.Data.TakeRows(cars, 100), 3));
            Assert.Contains("this program by [2 folds of 101 rows", await Refusal(Ml.Data.TakeRows(cars, 101), 2));
            Assert.Contains("their values do not compare", await Refusal(Ml.Data.TakeRows(Ml.Data.SkipRows(cars, 100), 100), 2));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    [NeedsLightGbm]
    public async Task TuneAsync_CancelledBeforeAnyValue_Throws()
    {
        var pipeline = DataSets.CarFeatures(Ml).AppendTunable(Ml.Regression.Trainers.Tunable().LightGbm("Price"));
        await Assert.ThrowsAsync<OperationCanceledException>(() => pipeline.TuneAsync(Ml, DataSets.Cars(Ml), tuning => tuning.Regression("Price"),
            cancellationToken: new CancellationToken(canceled: true)));
    }

    [TestMethod]
    [NeedsLightGbm]
    public async Task TuneAsync_TimeTooShortForATrial_StillGivesAModel()
    {
        var pipeline = DataSets.CarFeatures(Ml).AppendTunable(Ml.Regression.Trainers.Tunable().LightGbm("Price"));
        var tuned = await pipeline.TuneAsync(Ml, DataSets.Cars(Ml), tuning => tuning.Regression("Price").ForAtMost(TimeSpan.FromMilliseconds(1)));
        Assert.AreEqual(1, tuned.Study.View.CompletedCount);
        Assert.IsNotNull(tuned.Model);
    }

    [TestMethod]
    [NeedsLightGbm]
    public async Task TuneAsync_ResumedFromItsFile_IsTheSameStudyAsWithoutAStop()
    {
        var folder = Directory.CreateTempSubdirectory("autotune");
        try
        {
            var pipeline = DataSets.CarFeatures(Ml).AppendTunable(Ml.Regression.Trainers.Tunable().AnyOf(t => t.LightGbm("Price"), t => t.FastTree("Price")));
            var cars = DataSets.Cars(Ml);
            Task<TunedModel<Microsoft.ML.Data.RegressionMetrics>> Tune(string file, int trials) => pipeline.TuneAsync(Ml, cars, tuning => tuning
                .Regression("Price").CrossValidate(2).UseBayesian().ForTrials(trials).SaveTo(Path.Combine(folder.FullName, file)));

            var plain = await Tune("plain.db", 6);
            await Tune("resumed.db", 3);
            var resumed = await Tune("resumed.db", 6);
            CollectionAssert.AreEqual(plain.Study.View.Trials.Select(trial => trial.Configuration.ToString()).ToArray(), resumed.Study.View.Trials.Select(trial => trial.Configuration.ToString()).ToArray());
            CollectionAssert.AreEqual(plain.Study.View.Trials.Select(trial => trial.Loss).ToArray(), resumed.Study.View.Trials.Select(trial => trial.Loss).ToArray());
            Assert.AreEqual(plain.Evaluate(cars).RSquared, resumed.Evaluate(cars).RSquared);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    public async Task TuneAsync_SchedulerStops_EndsAfterThatFold()
    {
        var pipeline = DataSets.CarFeatures(Ml).AppendTunable(Ml.Regression.Trainers.Tunable().FastTree("Price"));
        var tuned = await pipeline.TuneAsync(Ml, DataSets.Cars(Ml), tuning => tuning.Regression("Price").CrossValidate(4).UseRandom()
            .UseScheduler(_ => new StopsLaterTrials()).ForTrials(3));
        CollectionAssert.AreEqual(new[] { TrialState.Completed, TrialState.Stopped, TrialState.Stopped }, tuned.Study.View.Trials.Select(trial => trial.State).ToArray());
        CollectionAssert.AreEqual(new[] { 4, 2, 2 }, tuned.Study.View.Trials.Select(trial => trial.Reports.Count).ToArray());
    }

    [TestMethod]
    [NeedsLightGbm]
    public async Task TuneAsync_SchedulerPausesAndResumes_GivesTheValueOfAnUninterruptedTrial()
    {
        var pipeline = DataSets.CarFeatures(Ml).AppendTunable(Ml.Regression.Trainers.Tunable().LightGbm("Price"));
        var cars = DataSets.Cars(Ml);
        var plain = await pipeline.TuneAsync(Ml, cars, tuning => tuning.Regression("Price").CrossValidate(4).UseRandom().ForTrials(2));
        var paused = await pipeline.TuneAsync(Ml, cars, tuning => tuning.Regression("Price").CrossValidate(4).UseRandom()
            .UseScheduler(_ => new PausesEachTrialOnce()).ForTrials(2));
        CollectionAssert.AreEqual(plain.Study.View.Trials.Select(trial => trial.Loss).ToArray(), paused.Study.View.Trials.Select(trial => trial.Loss).ToArray());
        foreach (var trial in paused.Study.View.Trials) Assert.AreEqual((2, 4), (trial.PausedAtStep, trial.Reports.Count));
    }

    private static IEstimator<ITransformer> Trainer(MLContext ml, string name, int iterations) => name switch
    {
        "LightGbm" => ml.Regression.Trainers.LightGbm(new Microsoft.ML.Trainers.LightGbm.LightGbmRegressionTrainer.Options { LabelColumnName = "Price", NumberOfIterations = iterations, NumberOfThreads = 1 }),
        "FastTree" => ml.Regression.Trainers.FastTree(new Microsoft.ML.Trainers.FastTree.FastTreeRegressionTrainer.Options { LabelColumnName = "Price", NumberOfTrees = Math.Min(iterations, 1_000_000), NumberOfThreads = 1 }),
        _ => ml.Regression.Trainers.Sdca(new Microsoft.ML.Trainers.SdcaRegressionTrainer.Options { LabelColumnName = "Price", MaximumNumberOfIterations = iterations, ConvergenceTolerance = 1e-9f, NumberOfThreads = 1 }),
    };

    private sealed class StopsLaterTrials : IScheduler
    {
        public WorkOrder NextWork(StudyView study) => new WorkOrder.StartTrial();

        public Directive Judge(TrialReport report, StudyView study)
            => report.Trial.Number > 0 && report.Step == 2 ? Directive.Stop("enough") : Directive.Continue;

        public void Observe(StudyEvent studyEvent) { }
    }

    private sealed class PausesEachTrialOnce : IScheduler
    {
        public WorkOrder NextWork(StudyView study) => study.Paused.IsEmpty ? new WorkOrder.StartTrial() : new WorkOrder.ResumeTrial(study.Paused[0]);

        public Directive Judge(TrialReport report, StudyView study) => report.Step == 2 ? Directive.Pause("half way") : Directive.Continue;

        public void Observe(StudyEvent studyEvent) { }
    }
}
