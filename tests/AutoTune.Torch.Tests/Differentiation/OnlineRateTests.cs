using TorchSharp;
using static TorchSharp.torch;

namespace AutoTune.Torch.Differentiation;

[TestClass]
public sealed class OnlineRateTests
{
    [TestMethod]
    [DataRow(1e-4)]
    [DataRow(.9)]
    public void HypergradientDescent_BadRateOnAValley_EndsBelowTheFixedRate(double rate)
    {
        // A quadratic with curvatures 1 and 2: rates from 1e-4 crawl, .9 nearly circles.
        double Train(Action<Parameter2> train)
        {
            using var scope = NewDisposeScope();
            var w = new Parameter2(tensor(new[] { 3.0, -2.0 }).requires_grad_());
            for (var i = 0; i < 300; i++) train(w);
            return w.Loss().item<double>();
        }

        HypergradientDescent? descent = null;
        var adapted = Train(w => (descent ??= new HypergradientDescent(w.Sgd(rate))).Step(w.Loss()));
        var isFixed = Train(w =>
        {
            w.Optimizer ??= w.Sgd(rate);
            w.Optimizer.zero_grad();
            w.Loss().backward();
            w.Optimizer.step();
        });
        Assert.IsLessThan(.2 * isFixed + 1e-30, adapted);
        descent!.Dispose();
    }

    [TestMethod]
    public void HypergradientDescent_SavedAndLoaded_GoesOnAlike()
    {
        using var scope = NewDisposeScope();
        var one = new Parameter2(tensor(new[] { 3.0, -2.0 }).requires_grad_());
        using var descent = new HypergradientDescent(one.Sgd(.01));
        for (var i = 0; i < 5; i++) descent.Step(one.Loss());
        using var stream = new MemoryStream();
        descent.Save(new BinaryWriter(stream));
        stream.Position = 0;
        var two = new Parameter2(one.Value.detach().clone().requires_grad_());
        using var resumed = new HypergradientDescent(two.Sgd(.01));
        resumed.Load(new BinaryReader(stream));
        Assert.AreEqual(descent.Rate, resumed.Rate);
        for (var i = 0; i < 5; i++)
        {
            descent.Step(one.Loss());
            resumed.Step(two.Loss());
        }

        Assert.AreEqual(descent.Rate, resumed.Rate);
        CollectionAssert.AreEqual(one.Value.data<double>().ToArray(), two.Value.data<double>().ToArray());
    }

    [TestMethod]
    public void Marthe_FullMemory_KeepsTheDerivativeOfTheWeightsByTheRate()
    {
        // With a share so small that the rate stands still, the cosine's sign and size are those of finite differences through the whole training.
        using var scope = NewDisposeScope();
        double Loss(double rate)
        {
            var w = new Parameter2(tensor(new[] { 3.0, -2.0 }).requires_grad_());
            using var marthe = new Marthe([w.Value], rate, new MartheOptions { Memory = 1, Rate = new OnlineRateOptions { Share = 1e-12 } });
            for (var i = 0; i < 6; i++) marthe.Step(w.Loss(), () => w.Loss());
            return w.Loss().item<double>();
        }

        var w = new Parameter2(tensor(new[] { 3.0, -2.0 }).requires_grad_());
        using var marthe = new Marthe([w.Value], .1, new MartheOptions { Memory = 1, Rate = new OnlineRateOptions { Share = 1e-12 } });
        for (var i = 0; i < 6; i++) marthe.Step(w.Loss(), () => w.Loss());
        var derivative = (Loss(.1 + 1e-6) - Loss(.1 - 1e-6)) / 2e-6;
        Assert.AreEqual(derivative, marthe.DerivativeOf(w.Loss()), 1e-5 * Math.Abs(derivative));
    }

    [TestMethod]
    [DataRow(1e-4)]
    [DataRow(.4)]
    public void Marthe_BadRate_EndsBelowPlainMomentum(double rate)
    {
        double Train(double share)
        {
            using var scope = NewDisposeScope();
            var w = new Parameter2(tensor(new[] { 3.0, -2.0 }).requires_grad_());
            using var marthe = new Marthe([w.Value], rate, new MartheOptions { Rate = new OnlineRateOptions { Share = share } });
            for (var i = 0; i < 200; i++) marthe.Step(w.Loss(), () => w.Loss());
            return w.Loss().item<double>();
        }

        Assert.IsLessThan(Train(1e-12), Train(.05));
    }

    [TestMethod]
    public void Options_OutOfRange_SayWhich()
    {
        using var scope = NewDisposeScope();
        var w = new Parameter2(tensor(new[] { 3.0, -2.0 }).requires_grad_());
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new HypergradientDescent(w.Sgd(.1), new OnlineRateOptions { Share = 1 })).Message, "OnlineRateOptions.Share 1 must be above 0 and below 1.");
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new HypergradientDescent(w.Sgd(20))).Message, "The learning rate 20 must be from 1E-08 to 10;");
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new Marthe([w.Value], .1, new MartheOptions { Memory = 2 })).Message, "MartheOptions.Memory 2 must be from 0 to 1.");
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => new Marthe([], .1)).Message, "There is no weight to train, or all are frozen;");
    }

    /// <summary>A point on a quadratic valley.</summary>
    private sealed class Parameter2(Tensor value)
    {
        public Tensor Value { get; } = new TorchSharp.Modules.Parameter(value.detach());

        public optim.Optimizer? Optimizer { get; set; }

        public Tensor Loss() => (tensor(new[] { 1.0, 2.0 }) * Value.square()).sum() / 2;

        public TorchSharp.Modules.SGD Sgd(double rate) => optim.SGD([(TorchSharp.Modules.Parameter)Value], rate);
    }
}
