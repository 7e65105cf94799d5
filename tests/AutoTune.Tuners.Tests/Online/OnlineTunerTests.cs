using AutoTune.Tuners.Online;

namespace AutoTune.Tuners.Tests.Online;

[TestClass]
public sealed class OnlineTunerTests
{
    [TestMethod]
    public void Learn_AStreamThatChangesAtOnce_HasLessLossThanTheBestFixedRate()
    {
        var learner = new LinearLearner();
        double live = 0, best = 0;
        for (var seed = 1; seed <= 3; seed++)
        {
            var stream = LinearStream.Of(seed, 600, 150, 300, 450).ToList();
            using var tuner = Tuner(learner, seed);
            foreach (var batch in stream) tuner.Learn(batch, LinearStream.Examples);
            live += tuner.MeanLoss;
            best += Enumerable.Range(0, 13).Min(i => Fixed(learner, stream, Math.Pow(10, -4 + i / 3.0)));
        }

        Assert.IsLessThan(0.97, live / best);
    }

    [TestMethod]
    public void Learn_AStreamThatStays_LosesNotMuchToTheBestFixedRate()
    {
        var learner = new LinearLearner();
        var stream = LinearStream.Of(4, 600).ToList();
        using var tuner = Tuner(learner, 4);
        foreach (var batch in stream) tuner.Learn(batch, LinearStream.Examples);
        Assert.IsLessThan(1.05, tuner.MeanLoss / Enumerable.Range(0, 13).Min(i => Fixed(learner, stream, Math.Pow(10, -4 + i / 3.0))));
    }

    [TestMethod]
    public void Changes_OfAStreamThatChanges_SayWhenAndWhy()
    {
        // It begins too slow, so that there is something to change.
        using var tuner = Tuner(new LinearLearner(low: 1e-6, high: .1), 1);
        foreach (var batch in LinearStream.Of(1, 400, 200)) tuner.Learn(batch, LinearStream.Examples);
        var drift = tuner.Changes.Single(change => change.Kind == OnlineChangeKind.Drift);
        Assert.IsTrue(drift.Batch is > 200 and <= 203, drift.Reason);
        StringAssert.Matches(drift.Reason, new(@"^after 6,\d\d\d examples: drift: the mean loss rose from 0\.0\d+ to \d+(\.\d+)?$"));
        var promoted = tuner.Changes.Where(change => change.Kind == OnlineChangeKind.Promoted).ToList();
        Assert.IsNotEmpty(promoted);
        StringAssert.Matches(promoted[0].Reason, new(@"^after [\d,]+ examples: rate [\d.E-]+ -> [\d.E-]+ \(model \d+, .*\): its loss over the last \d+ batches was [\d.]+ against [\d.]+, level 95 %$"));
        Assert.AreEqual(tuner.Changes.Where(change => change.Kind == OnlineChangeKind.Promoted).Last().Configuration, tuner.Configuration);
    }

    [TestMethod]
    public void Learn_WithASeed_RepeatsToTheBit()
    {
        double[] Run()
        {
            using var tuner = Tuner(new LinearLearner(), 5);
            return [.. LinearStream.Of(5, 200, 100).Select(batch => tuner.Learn(batch, LinearStream.Examples))];
        }

        CollectionAssert.AreEqual(Run(), Run());
    }

    [TestMethod]
    public void Load_OfASavedState_GoesOnAsIfNothingHadHappened()
    {
        var path = Path.GetTempFileName();
        try
        {
            var stream = LinearStream.Of(6, 300, 120, 240).ToList();
            using var tuner = Tuner(new LinearLearner(), 6);
            foreach (var batch in stream.Take(150)) tuner.Learn(batch, LinearStream.Examples);
            tuner.Save(path);
            using var later = Tuner(new LinearLearner(), 6);
            later.Load(path);
            foreach (var batch in stream.Skip(150)) Assert.AreEqual(tuner.Learn(batch, LinearStream.Examples), later.Learn(batch, LinearStream.Examples));
            Assert.AreEqual(tuner.MeanLoss, later.MeanLoss);
            CollectionAssert.AreEqual(tuner.Changes.Select(change => change.Reason).ToList(), later.Changes.Select(change => change.Reason).ToList());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void Learn_Always_KeepsNoMoreModelsThanSaid()
    {
        var learner = new LinearLearner();
        using (var tuner = new OnlineTuner<(double[][] X, double[] Y), double[]>(learner.Space, learner, new OnlineOptions { Models = 4, Archive = 2, Raised = [learner.Rate] }))
        {
            foreach (var batch in LinearStream.Of(7, 400, 100, 200, 300))
            {
                tuner.Learn(batch, LinearStream.Examples);
                Assert.IsLessThanOrEqualTo(4, tuner.Members.Length);
                Assert.AreEqual(1, tuner.Members.Sum(member => member.Weight), 1e-9);
                Assert.IsLessThanOrEqualTo(4 + 2 + 1, learner.Live, "those in the archive, and the one that may join it");
            }

            Assert.IsLessThanOrEqualTo(4 * tuner.Batches, tuner.Updates);
        }

        Assert.AreEqual(0, learner.Live);
    }

    [TestMethod]
    public void Predict_OfTheMixture_IsWhatTheNextBatchIsMeasuredBy()
    {
        var learner = new LinearLearner();
        using var tuner = Tuner(learner, 8);
        foreach (var batch in LinearStream.Of(8, 100))
        {
            var said = tuner.Predict(batch);
            Assert.AreEqual(learner.Loss(said, batch), tuner.Learn(batch, LinearStream.Examples), 1e-12);
        }
    }

    [TestMethod]
    public void Learn_WhenEveryModelDiverges_BeginsAnewAndSaysSo()
    {
        // From the smallest rate on far too large: all overflow, again and again, and the stream goes on.
        using var tuner = Tuner(new LinearLearner(low: 10, high: 1000), 9);
        foreach (var batch in LinearStream.Of(9, 20)) tuner.Learn(batch, LinearStream.Examples);
        StringAssert.Contains(tuner.Changes.First(change => change.Kind == OnlineChangeKind.Restarted).Reason, "all models have diverged");
    }

    [TestMethod]
    public void Learn_ABatchWithNaN_SaysThatTheBatchIsWrong()
    {
        using var tuner = Tuner(new LinearLearner(), 10);
        var batch = LinearStream.Of(10, 1).Single();
        batch.Y[3] = double.NaN;
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => tuner.Learn(batch, LinearStream.Examples)).Message,
            "The loss of batch 1 is not finite for any model, not even for one with fresh weights: look for NaN or infinite values");
    }

    [TestMethod]
    public void OnlineTuner_WithOptionsOutOfRange_SaysAllOfThem()
    {
        var learner = new LinearLearner();
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new OnlineTuner<(double[][] X, double[] Y), double[]>(
            learner.Space, learner, new OnlineOptions { Models = 1, Error = 0.5, Patience = 3, BatchesPerFalseAlarm = 99, Archive = -1 }));
        foreach (var rule in (string[])["Models is 1; it must be from 2 to 64", "Error is 0.5; it must be above 0", "Patience is 3; it must be 4", "BatchesPerFalseAlarm is 99; it must be 100", "Archive is -1; it must be 0"])
            StringAssert.Contains(error.Message, rule);
    }

    [TestMethod]
    public void OnlineTuner_WithAHyperparameterOfAnotherSpace_SaysSo()
    {
        var (learner, other) = (new LinearLearner(), new LinearLearner());
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new OnlineTuner<(double[][] X, double[] Y), double[]>(
            learner.Space, learner, new OnlineOptions { Raised = [other.Rate] })).Message, "OnlineOptions.Raised: 'rate' does not belong to the space");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new OnlineTuner<(double[][] X, double[] Y), double[]>(
            new SearchSpaceBuilder().Build(), learner)).Message, "The search space has no hyperparameters");
    }

    [TestMethod]
    public void Load_OfWhatIsNoState_SaysSo()
    {
        using var tuner = Tuner(new LinearLearner(), 11);
        foreach (var bytes in (byte[][])[[], [1, 2, 3], [.. "no state at all, only text"u8]])
            Assert.ThrowsExactly<InvalidDataException>(() => tuner.Load(new MemoryStream(bytes)));
    }

    private static OnlineTuner<(double[][] X, double[] Y), double[]> Tuner(LinearLearner learner, long seed)
        => new(learner.Space, learner, new OnlineOptions { Seed = seed, Raised = [learner.Rate] });

    private static double Fixed(LinearLearner learner, List<(double[][] X, double[] Y)> stream, double rate)
    {
        using var model = learner.Create(learner.Space.Configure(values => values.Set(learner.Rate, Math.Min(1, rate))), new RandomSource(0));
        var sum = 0.0;
        foreach (var batch in stream)
        {
            sum += learner.Loss(model.Predict(batch), batch);
            model.Learn(batch, new RandomSource(0));
        }

        return double.IsFinite(sum) ? sum / stream.Count : double.PositiveInfinity;
    }
}
