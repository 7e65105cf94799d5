using AutoTune.Tuners.Online;

namespace AutoTune.Tuners.Tests.Online;

/// <summary>What a live model does when all have diverged, and how it is begun.</summary>
[TestClass]
public sealed class OnlineRestartTests
{
    [TestMethod]
    public void Learn_AfterARestart_PredictsNoWorseThanFreshWeights()
    {
        // One batch of huge inputs lets every model overflow; the stream then goes on as before.
        var learner = new LinearLearner();
        using var tuner = Tuner(learner, 1);
        foreach (var batch in LinearStream.Of(1, 40)) tuner.Learn(batch, LinearStream.Examples);
        var huge = LinearStream.Of(2, 1).Single();
        tuner.Learn(([.. huge.X.Select(row => row.Select(value => 1e100 * value).ToArray())], huge.Y), LinearStream.Examples);
        var stream = LinearStream.Of(3, 60).ToList();
        foreach (var batch in stream)
        {
            var (restarts, loss) = (Restarts(tuner), tuner.Learn(batch, LinearStream.Examples));
            if (Restarts(tuner) > restarts) continue;
            Assert.IsLessThan(3 * learner.Loss(new double[LinearStream.Examples], batch), loss, $"batch {tuner.Batches}");
        }

        Assert.AreEqual(1, Restarts(tuner));
    }

    [TestMethod]
    public void Learn_AfterARestart_IsAsAtTheBeginning()
    {
        // The same models on the same stream, one tuner after a restart.
        var (learner, stream) = (new LinearLearner(), LinearStream.Of(3, 30).ToList());
        using var tuner = Tuner(learner, 1);
        var huge = LinearStream.Of(2, 1).Single();
        tuner.Learn(([.. huge.X.Select(row => row.Select(value => 1e100 * value).ToArray())], huge.Y), LinearStream.Examples);
        tuner.Learn(stream[0], LinearStream.Examples);
        var restarted = tuner.Changes.Last(change => change.Kind == OnlineChangeKind.Restarted);
        Assert.AreEqual(2, restarted.Batch);
        Assert.AreEqual(1.0, tuner.Members[0].Weight, "the others have not been tested");
        Assert.AreEqual(restarted.Model, tuner.Members[0].Id);
        Assert.AreEqual(restarted.Configuration, tuner.Configuration);
        using var first = Tuner(learner, 1);
        first.Learn(stream[1], LinearStream.Examples);
        Assert.AreEqual(first.MeanLoss, tuner.Learn(stream[1], LinearStream.Examples));
    }

    [TestMethod]
    public void OnlineTuner_WithAStartThatBreaksAConstraint_SaysWhich()
    {
        var learner = new LinearLearner(rules: (space, rate) => space.Require("slow", configuration => configuration.Get(rate) < 1e-3));
        var error = Assert.ThrowsExactly<ArgumentException>(() => new OnlineTuner<(double[][] X, double[] Y), double[]>(learner.Space, learner, new OnlineOptions { Start = learner.Space.Default }));
        StringAssert.Contains(error.Message, "OnlineOptions.Start (rate=0.01) breaks the constraint 'slow'; give one that meets all, or leave it out");
    }

    [TestMethod]
    public void OnlineTuner_WithDefaultsThatBreakAConstraint_BeginsWithOneThatMeetsAll()
    {
        var learner = new LinearLearner(rules: (space, rate) => space.Require("slow", configuration => configuration.Get(rate) < 1e-3));
        using var tuner = Tuner(learner, 1);
        Assert.IsLessThan(1e-3, tuner.Configuration.Get(learner.Rate));
        foreach (var batch in LinearStream.Of(4, 60, 30)) tuner.Learn(batch, LinearStream.Examples);
        foreach (var change in tuner.Changes) Assert.IsTrue(learner.Space.MeetsConstraints(change.Configuration), change.Reason);
    }

    [TestMethod]
    public void OnlineTuner_WithANullAmongTheRaised_SaysSo()
    {
        var learner = new LinearLearner();
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new OnlineTuner<(double[][] X, double[] Y), double[]>(
            learner.Space, learner, new OnlineOptions { Raised = [null!] })).Message, "OnlineOptions.Raised holds a null; give it hyperparameters of the space");
    }

    [TestMethod]
    public void Learn_OfNoExamples_SaysWhatABatchMustHold()
    {
        using var tuner = Tuner(new LinearLearner(), 1);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => tuner.Learn(([], []), 0)).Message, "A batch must hold 1 or more examples; skip empty ones.");
    }

    [TestMethod]
    public void Changes_OfALongStream_AreTheLastThousand()
    {
        var learner = new LinearLearner();
        using var tuner = new OnlineTuner<(double[][] X, double[] Y), double[]>(learner.Space, learner, new OnlineOptions { Raised = [learner.Rate], Patience = 4, Models = 12 });
        foreach (var batch in LinearStream.Of(5, 900, [.. Enumerable.Range(1, 29).Select(i => 30 * i)])) tuner.Learn(batch, LinearStream.Examples);
        Assert.HasCount(1000, tuner.Changes);
        Assert.IsGreaterThan(0, tuner.Changes[0].Batch);
        Assert.IsGreaterThan(850, tuner.Changes[^1].Batch);
    }

    private static int Restarts(OnlineTuner<(double[][] X, double[] Y), double[]> tuner) => tuner.Changes.Count(change => change.Kind == OnlineChangeKind.Restarted);

    private static OnlineTuner<(double[][] X, double[] Y), double[]> Tuner(LinearLearner learner, long seed)
        => new(learner.Space, learner, new OnlineOptions { Seed = seed, Raised = [learner.Rate] });
}
