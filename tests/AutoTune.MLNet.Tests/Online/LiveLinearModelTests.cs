using AutoTune.Tuners.Online;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;

namespace AutoTune.MLNet.Tests.Online;

[TestClass]
public sealed class LiveLinearModelTests
{
    [TestMethod]
    public void Learn_AStreamThatChanges_LearnsTwiceAndSaysWhatChanged()
    {
        var ml = new MLContext(1);
        using var live = ml.TuneOnline(OnlineTrainer.GradientDescent(), Preparation(ml), new OnlineOptions { Seed = 1 });
        var losses = Stream(ml, 120, drift: 60).Select(live.Learn).ToList();
        Assert.IsLessThan(.1, losses.Skip(50).Take(10).Average());
        Assert.IsGreaterThan(1, losses[60]);
        Assert.IsLessThan(.1, losses.Skip(110).Average());
        Assert.IsTrue(live.Changes.Single(change => change.Kind == OnlineChangeKind.Drift).Batch is > 60 and < 65);
        Assert.IsTrue(live.Changes.Any(change => change.Kind == OnlineChangeKind.Promoted && change.Reason.Contains("LearningRate", StringComparison.Ordinal)));
        Assert.AreEqual(losses.Average(), live.MeanLoss, 1e-9);
    }

    [TestMethod]
    public void Model_OfTheMixture_PredictsWhatTheNextBatchIsMeasuredBy()
    {
        var ml = new MLContext(1);
        using var live = ml.TuneOnline(OnlineTrainer.GradientDescent(), Preparation(ml));
        foreach (var batch in Stream(ml, 30, drift: 20))
        {
            var expected = live.Batches == 0 ? double.NaN : ml.Regression.Evaluate(live.Model.Transform(batch)).MeanSquaredError;
            var loss = live.Learn(batch);
            if (!double.IsNaN(expected)) Assert.AreEqual(expected, loss, 1e-4 * (1 + expected));
        }
    }

    [TestMethod]
    public void Model_OfTwoClasses_IsSavedAsAnyTransformer()
    {
        var ml = new MLContext(1);
        using var live = ml.TuneOnline(OnlineTrainer.Perceptron("Above"), Preparation(ml));
        foreach (var batch in Stream(ml, 60, drift: 30)) live.Learn(batch);
        var test = Stream(ml, 61, drift: 30).Last();
        var stream = new MemoryStream();
        ml.Model.Save(live.Model, test.Schema, stream);
        stream.Position = 0;
        var metrics = ml.BinaryClassification.EvaluateNonCalibrated(ml.Model.Load(stream, out _).Transform(test), "Above");
        Assert.IsGreaterThan(.9, metrics.Accuracy);
    }

    [TestMethod]
    public void Learn_AtRatesThatOverflow_GivesThoseModelsUpAndGoesOn()
    {
        var ml = new MLContext(1);
        using var live = ml.TuneOnline(OnlineTrainer.GradientDescent(learningRateLow: .01, learningRateHigh: 1e4), Preparation(ml));
        var losses = Stream(ml, 60, drift: 60).Select(live.Learn).ToList();
        Assert.IsTrue(live.Changes.Any(change => change.Reason.Contains("diverged", StringComparison.Ordinal)));
        Assert.IsLessThan(.2, losses.TakeLast(10).Average());
    }

    [TestMethod]
    public void Perceptron_WithTheHingeLoss_IsMeasuredByIt()
    {
        var ml = new MLContext(1);
        using var live = ml.TuneOnline(OnlineTrainer.Perceptron("Above", lossFunction: new HingeLoss()), Preparation(ml));
        Assert.AreEqual(1, live.Learn(Stream(ml, 1, drift: 1).Single()), 1e-6, "the hinge loss of scores of zero");
    }

    [TestMethod]
    public void Load_OfASavedState_GoesOnAsIfNothingHadHappened()
    {
        var path = Path.GetTempFileName();
        try
        {
            var ml = new MLContext(1);
            var stream = Stream(ml, 60, drift: 25).ToList();
            using var live = ml.TuneOnline(OnlineTrainer.GradientDescent(), Preparation(ml));
            foreach (var batch in stream.Take(40)) live.Learn(batch);
            live.Save(path);
            using var later = ml.TuneOnline(OnlineTrainer.GradientDescent(), Preparation(ml));
            later.Load(path);
            foreach (var batch in stream.Skip(40)) Assert.AreEqual(live.Learn(batch), later.Learn(batch));
            Assert.AreEqual(live.Configuration, later.Configuration);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void LinearOf_OfThisVersionOfMLNet_MakesModels()
    {
        foreach (var isBinary in (bool[])[true, false])
        {
            var model = MlContextInternals.LinearOf(new MLContext(1), isBinary, [1, 2, 3], 4);
            Assert.IsNotNull(model);
            CollectionAssert.AreEqual((float[])[1, 2, 3], model.Weights.ToArray());
            Assert.AreEqual(4, model.Bias);
        }
    }

    [TestMethod]
    public void Learn_OfColumnsThatDoNotFit_SaysWhichAndWhatHelps()
    {
        var ml = new MLContext(1);
        var batch = Stream(ml, 1, drift: 1).Single();
        string Error(LiveLinearModel live)
        {
            using (live) return Assert.ThrowsExactly<ArgumentException>(() => live.Learn(batch)).Message;
        }

        StringAssert.Contains(Error(ml.TuneOnline(OnlineTrainer.GradientDescent("Price", "X"))), "The batch has no column 'Price' (it has X, Label, Above)");
        StringAssert.Contains(Error(ml.TuneOnline(OnlineTrainer.GradientDescent(featureColumnName: "Label"))), "Column 'Label' is Single; an online trainer needs a vector of Single");
        StringAssert.Contains(Error(ml.TuneOnline(OnlineTrainer.Perceptron(featureColumnName: "X"))), "Column 'Label' is Single; the trainer needs Boolean");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => ml.TuneOnline(OnlineTrainer.GradientDescent()).Model).Message, "There is no model before the first batch");
    }

    private static NormalizingEstimator Preparation(MLContext ml) => ml.Transforms.NormalizeMeanVariance("Features", "X", fixZero: false);

    private static IEnumerable<IDataView> Stream(MLContext ml, int count, int drift)
    {
        var random = new RandomSource(2);
        for (var at = 0; at < count; at++)
        {
            var rows = new Example[40];
            for (var i = 0; i < rows.Length; i++)
            {
                float[] x = [(float)random.NextGaussian(), 10 * (float)random.NextGaussian() + 5, (float)random.NextGaussian()];
                var y = (at < drift ? 1 : -1) * (x[0] + (x[1] - 5) / 10) + .1f * (float)random.NextGaussian();
                rows[i] = new Example(x, y, y > 0);
            }

            yield return ml.Data.LoadFromEnumerable(rows);
        }
    }

    private sealed record Example([property: VectorType(3)] float[] X, float Label, bool Above);
}
