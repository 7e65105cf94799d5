using TorchSharp;
using static TorchSharp.torch;

namespace AutoTune.Torch.Differentiation;

/// <summary>Losses that autograd cannot differentiate: an error within <c>autograd.grad</c> would end the process.</summary>
[TestClass]
public sealed class NativeErrorTests
{
    [TestMethod]
    public void Unrolled_ValueAlteredInPlace_SaysSo()
    {
        using var scope = NewDisposeScope();
        var (rate, w) = (SmallTraining.Value(.1), SmallTraining.Value(.5));
        var problem = new BilevelProblem([w], [rate], _ =>
        {
            var z = w.exp();
            var loss = z * z;
            using (no_grad()) z.add_(1);
            return loss;
        }, () => w * 1);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Hypergradients.Unrolled(problem, new SgdUpdate(rate), 2)).Message, "The derivatives cannot be calculated: one of the variables needed for gradient computation has been modified by an inplace operation");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Hypergradients.Implicit(problem)).Message, "has been modified by an inplace operation");
    }

    [TestMethod]
    public void Implicit_OperationWithoutASecondDerivative_SaysSo()
    {
        using var scope = NewDisposeScope();
        var (strength, w) = (SmallTraining.Value(.1), randn(3, 2, dtype: ScalarType.Float64).requires_grad_());
        var points = randn(4, 2, dtype: ScalarType.Float64);
        var problem = new BilevelProblem([w], [strength], _ => (strength * cdist(w, points)).square().sum(), () => w.square().sum());
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Hypergradients.Implicit(problem)).Message, "The derivatives cannot be calculated: the derivative for '_cdist_backward' is not implemented.");
    }

    [TestMethod]
    public void Implicit_GradientsThatTheWeightsHave_StayAsTheyAre()
    {
        using var scope = NewDisposeScope();
        var (decay, w) = (SmallTraining.Value(.5), SmallTraining.Value(2));
        (3 * w).backward();
        Hypergradients.Implicit(new BilevelProblem([w], [decay], _ => (w - 3).square() + decay * w.square(), () => w.square()));
        Assert.AreEqual(3, w.grad!.item<double>());
        Assert.IsNull(decay.grad);
    }

    [TestMethod]
    public void Marthe_NetWithFrozenWeights_TrainsTheOthers()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Linear(2, 1);
        net.bias!.requires_grad = false;
        var (x, bias, weight) = (ones(3, 2), net.bias.item<float>(), net.weight.detach().clone());
        using var marthe = new Marthe(net.parameters(), .1);
        for (var i = 0; i < 3; i++) marthe.Step((net.call(x) - 1).square().mean(), () => (net.call(x) - 1).square().mean());
        Assert.AreEqual(bias, net.bias.item<float>());
        Assert.IsFalse(weight.Equals(net.weight));
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => new Marthe([net.bias], .1)).Message, "There is no weight to train, or all are frozen;");
    }

    [TestMethod]
    public void Step_LossThatIsNone_SaysSo()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Linear(2, 1);
        using var marthe = new Marthe(net.parameters(), .1);
        using var optimizer = optim.SGD(net.parameters(), .1);
        using var descent = new HypergradientDescent(optimizer);
        foreach (var step in (Action<Tensor>[])[loss => marthe.Step(loss, () => net.call(ones(1, 2)).sum()), descent.Step])
        {
            StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => step(net.call(ones(3, 2)))).Message, "The loss has shape [3, 1]; a training steps down a scalar: take its mean().");
            StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => step(tensor(1f))).Message, "The loss depends on nothing that is trained:");
        }
    }

    [TestMethod]
    public void OnlineRates_OutsideOfAScope_LeaveNoTensors()
    {
        using var net = nn.Linear(2, 1);
        using var optimizer = optim.SGD(net.parameters(), .1);
        void Make()
        {
            using var marthe = new Marthe(net.parameters(), .1);
            using var descent = new HypergradientDescent(optimizer);
        }

        Make();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Make();
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
