using AutoTune.Tuners.Online;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AutoTune.Torch.Tests.Online;

[TestClass]
public sealed class LiveNetworkTests
{
    [TestMethod]
    public void Learn_AStreamThatChanges_LearnsTwiceAndSaysWhatChanged()
    {
        using var scope = NewDisposeScope();
        using var live = Live();
        var losses = Stream(200, drift: 100).Select(batch => live.Learn(batch.X, batch.Y)).ToList();
        Assert.IsLessThan(.3, losses.Skip(80).Take(20).Average());
        Assert.IsGreaterThan(1, losses[100]);
        Assert.IsLessThan(.3, losses.Skip(180).Average());
        var drift = live.Changes.Single(change => change.Kind == OnlineChangeKind.Drift);
        Assert.IsTrue(drift.Batch is > 100 and < 105, drift.Reason);
        Assert.IsTrue(live.Changes.Any(change => change.Kind == OnlineChangeKind.Promoted && change.Reason.Contains("optimizer.SGD.LearningRate", StringComparison.Ordinal)));
        Assert.AreEqual(losses.Average(), live.MeanLoss, 1e-9);
        Assert.IsLessThanOrEqualTo(8L * 200, live.Updates);
    }

    [TestMethod]
    public void Learn_WithinAScopeABatch_LeavesNoTensors()
    {
        using var live = Live(dropout: true);
        long before = 0;
        var at = 0;
        foreach (var (x, y) in Stream(120, drift: 60))
        {
            using (x)
            using (y)
            using (var scope = NewDisposeScope()) live.Learn(x, y);
            if (at++ == 10) before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }

        // The archive grows to four networks, each with its mean and its optimizer's state.
        Assert.IsLessThan(before + 150, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    public void Learn_WithASeed_RepeatsWhateverLibtorchHasDrawnBefore()
    {
        double[] Run(int drawn)
        {
            using var scope = NewDisposeScope();
            using var live = Live(dropout: true);
            return [.. Stream(60, drift: 30).Select(batch =>
            {
                _ = rand(drawn);
                return live.Learn(batch.X, batch.Y);
            })];
        }

        CollectionAssert.AreEqual(Run(1), Run(17));
    }

    [TestMethod]
    public void Load_OfASavedState_GoesOnAsIfNothingHadHappened()
    {
        var path = Path.GetTempFileName();
        try
        {
            using var scope = NewDisposeScope();
            var stream = Stream(100, drift: 40).ToList();
            using var live = Live(dropout: true);
            foreach (var (x, y) in stream.Take(60)) live.Learn(x, y);
            live.Save(path);
            using var later = Live(dropout: true);
            later.Load(path);
            foreach (var (x, y) in stream.Skip(60)) Assert.AreEqual(live.Learn(x, y), later.Learn(x, y));
            Assert.AreEqual(live.Configuration, later.Configuration);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void Predict_BeforeABatchIsLearnt_IsWhatItIsMeasuredBy()
    {
        using var scope = NewDisposeScope();
        using var live = Live();
        foreach (var (x, y) in Stream(40, drift: 20))
        {
            var expected = functional.mse_loss(live.Predict(x), y).item<float>();
            Assert.AreEqual(expected, live.Learn(x, y), 1e-5 * (1 + expected));
        }

        Assert.AreEqual(1, live.Members.Sum(member => member.Weight), 1e-9);
        Assert.AreEqual(4, live.Champion.call(zeros(4, 3)).shape[0]);
    }

    [TestMethod]
    public void TuneOnline_WithAnOptimizerOfYourOwn_MovesItsHyperparameters()
    {
        using var scope = NewDisposeScope();
        var space = new SearchSpaceBuilder();
        var rate = space.AddReal("rate", 1e-4, .5, Scale.Log, defaultValue: 1e-4);
        using var live = space.TuneOnline(Net, (configuration, net) => optim.Adam(net.parameters(), configuration.Get(rate)), (output, target) => functional.mse_loss(output, target),
            new OnlineOptions { Raised = [rate], Models = 4, Prediction = OnlinePrediction.Champion });
        foreach (var (x, y) in Stream(60, drift: 1000)) live.Learn(x, y);
        Assert.IsGreaterThan(5e-4, live.Configuration.Get(rate));
        Assert.AreEqual(live.ChampionMeanLoss, live.MeanLoss);
    }

    [TestMethod]
    public void Learn_OfWhatIsNoBatch_SaysWhy()
    {
        using var scope = NewDisposeScope();
        using var live = Live();
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => live.Learn(zeros(4, 3), zeros(5, 1))).Message, "inputs of shape [4, 3] and targets of shape [5, 1]");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => live.Learn(zeros(0, 3), zeros(0, 1))).Message, "The batch has no examples (inputs of shape [0, 3]); it must hold 1 or more");
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => live.Learn(zeros(4, 5), zeros(4, 1))).Message, "The network or the loss does not take the batch of inputs of shape [4, 5] and targets of shape [4, 1]: mat1 and mat2 shapes cannot be multiplied (4x5 and 3x");
        live.Learn(zeros(4, 3), zeros(4, 1));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => live.Learn(zeros(4, 5), zeros(4, 1))).Message, "its examples have shape [5], those of the first batch had [3]; give the same each time");
        var space = new SearchSpaceBuilder();
        var optimizer = space.AddOptimizer("optimizer", o => o.Sgd());
        using var unreduced = space.TuneOnline(Net, optimizer, (output, target) => (output - target).square());
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => unreduced.Learn(zeros(4, 3), zeros(4, 1))).Message, "The loss has shape [4, 1]; TuneOnline needs the mean");
    }

    private static LiveNetwork Live(bool dropout = false)
    {
        var space = new SearchSpaceBuilder();
        var optimizer = space.AddOptimizer("optimizer", o => o.Sgd(new SgdOptions { LearningRate = new(1e-4, 1, Scale.Log, .01) }));
        return space.TuneOnline(dropout ? WithDropout : Net, optimizer, (output, target) => functional.mse_loss(output, target), new OnlineOptions { Seed = 3 });
    }

    private static TorchSharp.Modules.Sequential Net() => Sequential(Linear(3, 16), Tanh(), Linear(16, 1));

    private static TorchSharp.Modules.Sequential WithDropout() => Sequential(Linear(3, 16), Tanh(), Dropout(.1), Linear(16, 1));

    private static IEnumerable<(Tensor X, Tensor Y)> Stream(int count, int drift)
    {
        var random = new RandomSource(2);
        for (var at = 0; at < count; at++)
        {
            var (x, y) = (new float[32 * 3], new float[32]);
            for (var i = 0; i < x.Length; i++) x[i] = (float)random.NextGaussian();
            for (var i = 0; i < y.Length; i++) y[i] = (at < drift ? 1 : -1) * (x[3 * i] + Math.Abs(x[3 * i + 1])) + .1f * (float)random.NextGaussian();
            yield return (tensor(x, 32, 3), tensor(y, 32, 1));
        }
    }
}
