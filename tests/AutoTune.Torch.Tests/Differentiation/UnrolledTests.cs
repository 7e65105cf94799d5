using TorchSharp;
using static TorchSharp.torch;

namespace AutoTune.Torch.Differentiation;

[TestClass]
public sealed class UnrolledTests
{
    private const int Steps = 10;

    [TestMethod]
    public void Unrolled_SgdRateMomentumDecayAndNoise_AgreesWithFiniteDifferences()
        => Check([.3, .8, .01, .2], values => new SgdUpdate(values[0]) { Momentum = values[1], WeightDecay = values[2] });

    [TestMethod]
    public void Unrolled_AdamRateBetasAndDecay_AgreesWithFiniteDifferences()
        => Check([.05, .85, .97, .2, .02], values => new AdamUpdate(values[0]) { Beta1 = values[1], Beta2 = values[2], WeightDecay = values[4] });

    [TestMethod]
    public void Unrolled_DecayForEachWeight_AgreesWithFiniteDifferences()
        => Check([.01, .02, .005, .2, .03], values => new SgdUpdate(.4) { WeightDecay = new[] { values[0], values[1], values[2], values[4] } });

    [TestMethod]
    public void Unrolled_Sgd_TrainsAsTorchDoes()
    {
        using var small = new SmallTraining();
        using var rate = SmallTraining.Value(.3);
        Hypergradients.Unrolled(small.Problem([rate]), new SgdUpdate(rate) { Momentum = .9, WeightDecay = .01 }, Steps);
        var unrolled = small.Weights.Select(weight => weight.detach().clone()).ToArray();
        var problem = small.Problem([rate]);
        using var optimizer = optim.SGD(small.Weights.Cast<TorchSharp.Modules.Parameter>(), .3, momentum: .9, weight_decay: .01);
        for (var step = 1; step <= Steps; step++)
        {
            optimizer.zero_grad();
            problem.Train(step).backward();
            optimizer.step();
        }

        foreach (var (mine, theirs) in unrolled.Zip(small.Weights)) Assert.IsTrue(allclose(mine, theirs, 1e-10, 1e-12));
    }

    [TestMethod]
    public void Unrolled_AdamW_TrainsAsTorchDoes()
    {
        using var small = new SmallTraining();
        using var rate = SmallTraining.Value(.03);
        Hypergradients.Unrolled(small.Problem([rate]), new AdamUpdate(rate) { WeightDecay = .1 }, Steps);
        var unrolled = small.Weights.Select(weight => weight.detach().clone()).ToArray();
        var problem = small.Problem([rate]);
        using var optimizer = optim.AdamW(small.Weights.Cast<TorchSharp.Modules.Parameter>(), .03, weight_decay: .1);
        for (var step = 1; step <= Steps; step++)
        {
            optimizer.zero_grad();
            problem.Train(step).backward();
            optimizer.step();
        }

        foreach (var (mine, theirs) in unrolled.Zip(small.Weights)) Assert.IsTrue(allclose(mine, theirs, 1e-6, 1e-8));
    }

    [TestMethod]
    public void Unrolled_HyperparameterWithoutEffect_HasDerivativeZero()
    {
        using var small = new SmallTraining();
        using var rate = SmallTraining.Value(.3);
        using var idle = SmallTraining.Value(1);
        using var scope = NewDisposeScope();
        Assert.AreEqual(0, Hypergradients.Unrolled(small.Problem([rate, idle]), new SgdUpdate(rate), 2).ToArray()[1]);
    }

    [TestMethod]
    public void Unrolled_Often_LeavesNoTensorsBehind()
    {
        using var small = new SmallTraining();
        using var rate = SmallTraining.Value(.3);
        var problem = small.Problem([rate]);
        long Live()
        {
            using (NewDisposeScope()) Hypergradients.Unrolled(problem, new SgdUpdate(rate) { Momentum = .5 }, 3);
            return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }

        var first = Live();
        for (var i = 0; i < 5; i++) Assert.AreEqual(first, Live());
    }

    [TestMethod]
    public void Unrolled_RateThatDiverges_SaysSo()
    {
        using var small = new SmallTraining();
        using var rate = SmallTraining.Value(1e200);
        var error = Assert.ThrowsExactly<NonFiniteLossException>(() => Hypergradients.Unrolled(small.Problem([rate], penalty: () => small.Weights[0].square().sum()), new SgdUpdate(rate), 9));
        StringAssert.StartsWith(error.Message, "The unrolled training: the loss of step ");
    }

    [TestMethod]
    public void Unrolled_BadInput_SaysWhat()
    {
        using var small = new SmallTraining();
        using var rate = SmallTraining.Value(.1);
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Hypergradients.Unrolled(small.Problem([rate]), new SgdUpdate(rate), 0)).Message, "Steps 0 must be at least 1");
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => Hypergradients.Unrolled(small.Problem([rate]), new SgdUpdate(.1) { WeightDecay = new[] { rate, rate } }, 1)).Message, "SgdUpdate.WeightDecay has 2 values for 4 weights");
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => small.Problem([])).Message, "There is no hyperparameter; give at least one.");
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => small.Problem([rate.detach()])).Message, "The hyperparameter at 0 does not require a gradient;");
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => small.Problem([rate * 2])).Message, "The hyperparameter at 0 is no leaf, but calculated from others;");
        using var whole = tensor(1);
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => small.Problem([whole])).Message, "The hyperparameter at 0 is of type Int32, not of floating point;");
        var vector = new BilevelProblem(small.Weights, [rate], _ => small.Weights[0] * 1, small.ValidationLoss);
        StringAssert.StartsWith(Assert.ThrowsExactly<InvalidOperationException>(() => Hypergradients.Unrolled(vector, new SgdUpdate(rate), 1)).Message, "The training loss of step 1 has shape [6, 2]; it must be a scalar");
    }

    /// <summary>The fourth value is the strength of noise on the training inputs.</summary>
    private static void Check(double[] at, Func<Tensor[], UpdateRule> rule)
    {
        using var small = new SmallTraining();
        using var scope = NewDisposeScope();
        Hypergradient Run(double[] numbers)
        {
            var values = numbers.Select(SmallTraining.Value).ToArray();
            return Hypergradients.Unrolled(small.Problem(values, noise: values[3]), rule(values), Steps);
        }

        var exact = Run(at).ToArray();
        for (var i = 0; i < at.Length; i++)
        {
            var step = 1e-5 * Math.Max(at[i], .1);
            double Loss(double change) => Run([.. at.Select((value, j) => j == i ? value + change : value)]).Loss;
            var difference = (Loss(step) - Loss(-step)) / (2 * step);
            Assert.AreEqual(difference, exact[i], 1e-5 * Math.Max(Math.Abs(difference), 1e-3), $"hyperparameter {i} of {string.Join(", ", exact)}");
        }
    }
}
