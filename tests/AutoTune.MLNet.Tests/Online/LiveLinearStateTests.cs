using AutoTune.Tuners.Online;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;

namespace AutoTune.MLNet.Tests.Online;

/// <summary>What a live linear model does with batches that it refuses, after a restart, and with states.</summary>
[TestClass]
public sealed class LiveLinearStateTests
{
    [TestMethod]
    public void Learn_AfterARestart_PredictsNoWorseThanFreshWeights()
    {
        var ml = new MLContext(1);
        using var live = ml.TuneOnline(OnlineTrainer.GradientDescent(featureColumnName: "X"));
        foreach (var batch in Stream(1, 30)) live.Learn(View(ml, batch));
        live.Learn(View(ml, [.. Stream(2, 1).Single().Select(row => row with { X = [.. row.X.Select(value => 1e15f * value)] })]));
        var restarted = false;
        foreach (var batch in Stream(3, 40))
        {
            var loss = live.Learn(View(ml, batch));
            if (!restarted)
            {
                restarted = live.Changes.Any(change => change.Kind == OnlineChangeKind.Restarted);
                if (restarted) Assert.IsNotNull(live.Model.Transform(View(ml, batch)).Preview(), "fresh weights predict zero");
                continue;
            }

            Assert.IsLessThan(3 * batch.Average(row => row.Label * row.Label), loss, $"batch {live.Batches}");
        }

        Assert.IsTrue(restarted);
    }

    [TestMethod]
    public void Learn_AFirstBatchThatIsRefused_DoesNotFitThePreparation()
    {
        var ml = new MLContext(1);
        using var live = ml.TuneOnline(OnlineTrainer.GradientDescent(), Preparation(ml));
        using var other = ml.TuneOnline(OnlineTrainer.GradientDescent(), Preparation(ml));
        Example[] wrong = [.. Stream(9, 1).Single().Select(row => new Example([.. row.X.Select(value => 100 * value + 1000)], float.NaN))];
        Assert.ThrowsExactly<ArgumentException>(() => live.Learn(View(ml, wrong)));
        Assert.AreEqual(0, live.Batches);
        foreach (var batch in Stream(1, 10)) Assert.AreEqual(other.Learn(View(ml, batch)), live.Learn(View(ml, batch)));
    }

    [TestMethod]
    public void Learn_ABatchWithoutRowsOrOfAnotherWidth_SaysTheRule()
    {
        var ml = new MLContext(1);
        using var live = ml.TuneOnline(OnlineTrainer.GradientDescent(featureColumnName: "X"));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => live.Learn(View(ml, []))).Message, "The batch has no rows; it must have 1 or more: skip empty ones.");
        live.Learn(View(ml, Stream(1, 1).Single()));
        var wide = SchemaDefinition.Create(typeof(Example));
        wide["X"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 4);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => live.Learn(ml.Data.LoadFromEnumerable([new Example([1, 2, 3, 4], 5)], wide))).Message,
            "The batch has 4 features, those before had 3; give as many each time");
    }

    [TestMethod]
    public void Learn_ABatch_ReadsItsSourceOnce()
    {
        var (ml, reads) = (new MLContext(1), 0);
        using var live = ml.TuneOnline(OnlineTrainer.GradientDescent(), Preparation(ml));
        live.Learn(View(ml, Stream(1, 1).Single()));
        IEnumerable<Example> Counted()
        {
            Interlocked.Increment(ref reads);
            foreach (var row in Stream(2, 1).Single()) yield return row;
        }

        live.Learn(ml.Data.LoadFromEnumerable(Counted()));
        Assert.AreEqual(1, reads);
    }

    [TestMethod]
    public void Model_AfterLoad_PredictsAsTheSavedOne()
    {
        foreach (var trainer in (OnlineTrainer[])[OnlineTrainer.GradientDescent(), OnlineTrainer.Perceptron("Above")])
        {
            WithState(trainer, (ml, live, path) =>
            {
                using var later = ml.TuneOnline(trainer, Preparation(ml));
                Assert.ThrowsExactly<InvalidOperationException>(() => later.Model);
                later.Load(path);
                var test = View(ml, Stream(4, 1).Single());
                float[] Scores(LiveLinearModel model) => [.. model.Model.Transform(test).GetColumn<float>("Score")];
                CollectionAssert.AreEqual(Scores(live), Scores(later));
            });
        }
    }

    [TestMethod]
    public void Load_OfAnotherTrainerOrSpace_NamesTheDifference() => WithState(OnlineTrainer.GradientDescent(), (ml, _, path) =>
    {
        string Error(OnlineTrainer trainer)
        {
            using var other = ml.TuneOnline(trainer, Preparation(ml));
            return Assert.ThrowsExactly<InvalidDataException>(() => other.Load(path)).Message;
        }

        StringAssert.Contains(Error(OnlineTrainer.Perceptron("Above")),
            "The state is one of OnlineGradientDescentTrainer with SquaredLoss of 'Label' by 'Features', here is AveragedPerceptronTrainer with LogLoss of 'Above' by 'Features'; go on with the trainer");
        StringAssert.Contains(Error(OnlineTrainer.GradientDescent(lossFunction: new PoissonLoss())), "here is OnlineGradientDescentTrainer with PoissonLoss");
        StringAssert.Contains(Error(OnlineTrainer.GradientDescent(learningRateHigh: 2)), "it has 'LearningRate' from 1E-05 to 1, log scale where this one has 'LearningRate' from 1E-05 to 2, log scale");
    });

    [TestMethod]
    public void Load_OfADamagedState_LeavesTheModelAsItWas() => WithState(OnlineTrainer.GradientDescent(), (ml, _, path) =>
    {
        var bytes = File.ReadAllBytes(path);
        using var live = ml.TuneOnline(OnlineTrainer.GradientDescent(), Preparation(ml));
        using var other = ml.TuneOnline(OnlineTrainer.GradientDescent(), Preparation(ml));
        foreach (var batch in Stream(7, 10)) Assert.AreEqual(other.Learn(View(ml, batch)), live.Learn(View(ml, batch)));
        foreach (var length in (int[])[0, 3, 100, bytes.Length / 2, bytes.Length - 1])
        {
            File.WriteAllBytes(path, bytes[..length]);
            Assert.ThrowsExactly<InvalidDataException>(() => live.Load(path));
        }

        foreach (var batch in Stream(8, 10)) Assert.AreEqual(other.Learn(View(ml, batch)), live.Learn(View(ml, batch)));
    });

    [TestMethod]
    public void Everything_AfterDispose_SaysThatItWasDisposed() => WithState(OnlineTrainer.GradientDescent(), (ml, live, path) =>
    {
        live.Dispose();
        foreach (var use in (Action[])[() => live.Learn(View(ml, Stream(1, 1).Single())), () => live.Save(path), () => live.Load(path), () => _ = live.Model, () => _ = live.Configuration])
            Assert.ThrowsExactly<ObjectDisposedException>(use);
    });

    private static void WithState(OnlineTrainer trainer, Action<MLContext, LiveLinearModel, string> use)
    {
        var path = Path.GetTempFileName();
        try
        {
            var ml = new MLContext(1);
            using var live = ml.TuneOnline(trainer, Preparation(ml));
            foreach (var batch in Stream(1, 25)) live.Learn(View(ml, batch));
            live.Save(path);
            use(ml, live, path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static NormalizingEstimator Preparation(MLContext ml) => ml.Transforms.NormalizeMeanVariance("Features", "X", fixZero: false);

    private static IDataView View(MLContext ml, Example[] rows) => ml.Data.LoadFromEnumerable(rows);

    private static IEnumerable<Example[]> Stream(int seed, int count)
    {
        var random = new RandomSource(seed);
        for (var at = 0; at < count; at++)
        {
            yield return [.. Enumerable.Range(0, 40).Select(_ =>
            {
                float[] x = [(float)random.NextGaussian(), (float)random.NextGaussian(), (float)random.NextGaussian()];
                return new Example(x, 2 * x[0] + x[1] + .1f * (float)random.NextGaussian());
            })];
        }
    }

    private sealed record Example([property: VectorType(3)] float[] X, float Label)
    {
        public bool Above => Label > 0;
    }
}
