using AutoTune.Torch.Compression;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AutoTune.Torch.Finding;

[TestClass]
public sealed class LearningRateFinderTests
{
    [TestMethod]
    public void Valley_OfACurveWithBumps_IsItsLongestWayDown()
    {
        // Falls from index 2 to index 7, with a bump at 5 that is left out.
        Assert.AreEqual((2, 7), CurveRules.Valley([1, 1, 1, .8, .6, .9, .4, .2, .5, 3]));
        Assert.AreEqual(3, CurveRules.Steepest([1, .99, .95, .7, .4, .38, .37, .5], 0, 6), "the fall from 2 to 4");
        Assert.AreEqual(3, CurveRules.UnderWay([1, .99, .95, .7, .4, .38, .37, .5], 6), "a fifth of .63 is behind");
    }

    [TestMethod]
    public void Find_OnAQuadratic_DivergesWhereTheoryHasIt()
    {
        // Gradient descent on c x² / 2 diverges above the rate 2 / c, here .2, and solves it in one step at .1.
        using var scope = NewDisposeScope();
        using var x = new Parameter(tensor(new[] { 5.0 }));
        using var net = new Holder(x);
        using var optimizer = optim.SGD([x], 1);
        var found = LearningRateFinder.Find(net, optimizer, _ => (x.square() * 5).sum(), new LearningRateFinderOptions { Low = 1e-4, High = 10, Steps = 200, Smoothing = 0 });
        Assert.IsTrue(found.Falls);
        Assert.AreEqual(.2, found.Lowest, .1);
        Assert.IsGreaterThan(1e-3, found.Suggested);
        Assert.IsLessThan(.2, found.Suggested);
        Assert.IsLessThan(200, found.Points.Length, "it ends where the loss bursts");
        Assert.AreEqual(5.0, x.item<double>());
        StringAssert.Contains(found.Reason, "the middle of the way down, which is well begun at ");
        StringAssert.Contains(found.Reason, "of 200 steps, where the smoothed loss was 4 times the lowest");
    }

    [TestMethod]
    public void Find_OnFashionMnist_GivesARangeThatHoldsWhatAdamLikes()
    {
        using var scope = NewDisposeScope();
        using var generator = manual_seed(1);
        var (images, labels) = FashionMnist.Load("train");
        using var net = nn.Sequential(("in", nn.Linear(784, 64)), ("relu", nn.ReLU()), ("out", nn.Linear(64, 10)));
        using var optimizer = optim.AdamW(net.parameters(), 1e-3);
        var found = LearningRateFinder.Find(net, optimizer, step => nn.functional.cross_entropy(net.call(images.narrow(0, step * 64, 64)), labels.narrow(0, step * 64, 64)));
        Assert.IsTrue(found.Falls, found.Reason);
        var range = found.Range();
        Assert.IsTrue(range.Low < 1e-3 && range.High > 1e-2, $"{range}");
        Assert.AreEqual((found.Suggested, Scale.Log), (range.Default!.Value, range.Scale));
        foreach (var rate in new[] { found.Valley, found.Steepest, found.MinimumOverTen }) Assert.IsTrue(rate is > 5e-4 and < 2e-2, $"{rate}");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Find_OfATrainingUnderWay_LeavesEverythingAsItWas(bool momentum)
    {
        using var scope = NewDisposeScope();
        var x = randn(32, 4);
        Sequential Net() => nn.Sequential(("a", nn.Linear(4, 8)), ("norm", nn.BatchNorm1d(8)), ("dropout", nn.Dropout(.5)), ("b", nn.Linear(8, 1)));
        double[] Run(bool finds)
        {
            using var generator = manual_seed(7);
            using var net = Net();
            using OptimizerHelper optimizer = momentum ? optim.SGD(net.parameters(), .1, momentum: .9) : optim.AdamW(net.parameters(), .01);
            void Train()
            {
                for (var step = 0; step < 5; step++)
                {
                    optimizer.zero_grad();
                    net.call(x).square().mean().backward();
                    optimizer.step();
                }
            }

            if (finds) LearningRateFinder.Find(net, optimizer, _ => net.call(x).square().mean(), new LearningRateFinderOptions { Steps = 20 });
            Train();
            net.eval();
            if (finds)
            {
                LearningRateFinder.Find(net, optimizer, _ => net.call(x).square().mean(), new LearningRateFinderOptions { Steps = 20 });
                Assert.IsFalse(net.training);
            }

            net.train();
            Train();
            return [.. net.state_dict().Values.SelectMany(tensor => tensor.to(ScalarType.Float64).data<double>()), .. net.parameters().SelectMany(parameter => parameter.grad!.data<float>().Select(value => (double)value)), rand(1).item<float>()];
        }

        CollectionAssert.AreEqual(Run(finds: false), Run(finds: true));
    }

    [TestMethod]
    public void Find_OfGroups_KeepsTheirProportions()
    {
        using var scope = NewDisposeScope();
        using var slow = new Parameter(ones(1));
        using var fast = new Parameter(ones(1));
        using var net = new Holder(slow, fast);
        using var optimizer = new SGD([new SGD.ParamGroup([slow], lr: .01), new SGD.ParamGroup([fast], lr: .1)], .1);
        List<double> proportions = [];
        var found = LearningRateFinder.Find(net, optimizer, _ =>
        {
            proportions.Add(optimizer.ParamGroups.Last().LearningRate / optimizer.ParamGroups.First().LearningRate);
            return (slow + fast).square().sum();
        }, new LearningRateFinderOptions { Steps = 20, Rule = LearningRateRule.Steepest });
        foreach (var proportion in proportions) Assert.AreEqual(10, proportion, 1e-9);
        CollectionAssert.AreEqual(new[] { .01, .1 }, optimizer.ParamGroups.Select(group => group.LearningRate).ToArray());
        StringAssert.Contains(found.Reason, "where the smoothed loss falls fastest");
    }

    [TestMethod]
    public void Find_WhereTheLossNeverFalls_SaysSoAndGivesNoRange()
    {
        using var scope = NewDisposeScope();
        using var x = new Parameter(ones(1));
        using var net = new Holder(x);
        using var optimizer = optim.SGD([x], .1);
        var found = LearningRateFinder.Find(net, optimizer, _ => (x - x + 3).sum());
        Assert.IsFalse(found.Falls);
        StringAssert.Contains(found.Reason, "the smoothed loss never fell by a hundredth of its first value, 3; the test ended after 100 of 100 steps, at the last rate.");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => found.Range()).Message, "The range test found no learning rate: ");
    }

    [TestMethod]
    public void Find_OutsideOfAScope_LeavesNoTensors()
    {
        using var net = nn.Linear(2, 1);
        using var optimizer = optim.AdamW(net.parameters(), .1);
        using var x = ones(4, 2);
        void Look() => LearningRateFinder.Find(net, optimizer, _ => (net.call(x) - 1).square().mean());
        Look();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Look();
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    public void Find_WithBadInput_SaysWhatIsWrong()
    {
        using var scope = NewDisposeScope();
        using var x = new Parameter(ones(2));
        using var net = new Holder(x);
        using var optimizer = optim.SGD([x], .1);
        using var prodigy = new Prodigy([x]);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => LearningRateFinder.Find(net, optimizer, _ => x)).Message, "The loss has shape [2]; a training steps down a scalar: take its mean().");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => LearningRateFinder.Find(net, optimizer, _ => x.log().sum() * double.NaN)).Message, "The loss of a range test's first batch is NaN, before any step");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => LearningRateFinder.Find(net, optimizer, _ => ones(1))).Message, "The loss depends on nothing that is trained");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => LearningRateFinder.Find(net, prodigy, _ => x.sum())).Message, "Prodigy finds its learning rate itself");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => LearningRateFinder.Find(net, optimizer, _ => x.sum(), new LearningRateFinderOptions { Low = 1, High = .1 })).Message, "A range test from rate 1 to 0.1: the first must be above 0, the last above the first.");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => LearningRateFinder.Find(net, optimizer, _ => x.sum(), new LearningRateFinderOptions { Steps = 3 })).Message, "take at least 10");
    }

    /// <summary>A module of bare parameters.</summary>
    private sealed class Holder : nn.Module
    {
        public Holder(params Parameter[] parameters) : base("holder")
        {
            for (var i = 0; i < parameters.Length; i++) register_parameter($"p{i}", parameters[i]);
        }
    }
}
