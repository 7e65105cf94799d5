using TorchSharp;
using static TorchSharp.torch;

namespace AutoTune.Torch.Differentiation;

[TestClass]
public sealed class ImplicitTests
{
    [TestMethod]
    [DataRow(ImplicitSolver.ConjugateGradients, 60)]
    [DataRow(ImplicitSolver.Neumann, 4000)]
    public void Implicit_ConvergedTraining_AgreesWithFiniteDifferences(ImplicitSolver solver, int terms)
    {
        using var small = new SmallTraining();
        using var scope = NewDisposeScope();
        double[] at = [.02, .03, .01, .05];
        var (loss, gradient) = Converged(small, at, new ImplicitOptions { Solver = solver, Terms = terms });
        Assert.IsLessThan(.05, gradient.Residual!.Value);
        var exact = gradient.ToArray();
        for (var i = 0; i < at.Length; i++)
        {
            var step = 1e-4 * at[i];
            double Loss(double change) => Converged(small, [.. at.Select((value, j) => j == i ? value + change : value)], null).Loss;
            var difference = (Loss(step) - Loss(-step)) / (2 * step);
            Assert.AreEqual(difference, exact[i], .01 * Math.Max(Math.Abs(difference), 1e-2), $"decay {i} of {string.Join(", ", exact)}");
        }
    }

    [TestMethod]
    public void Implicit_QuadraticTraining_IsTheClosedForm()
    {
        // T = |w - a|2 / 2 + d |w|2 / 2 has its minimum at w = a / (1 + d); L = |w - c|2 / 2; dL/dd = -(w - c) a / (1 + d)2.
        using var scope = NewDisposeScope();
        var decay = SmallTraining.Value(.5);
        var a = tensor(new[] { 3.0, -1 });
        var c = tensor(new[] { 1.0, 1 });
        var w = (a / 1.5).requires_grad_();
        var problem = new BilevelProblem([w], [decay], _ => (w - a).square().sum() / 2 + decay * w.square().sum() / 2, () => (w - c).square().sum() / 2);
        var expected = -((2 - 1) * 3 + (-2 / 3.0 - 1) * -1) / (1.5 * 1.5);
        Assert.AreEqual(expected, Hypergradients.Implicit(problem).ToArray()[0], 1e-9);
        Assert.AreEqual(expected, Hypergradients.Implicit(problem, new ImplicitOptions { Solver = ImplicitSolver.Neumann, Terms = 40 }).ToArray()[0], 1e-9);
        // With the inverse Hessian taken as the rate: -rate (w - c) w.
        Assert.AreEqual(-.1 * ((2 - 1) * 2 + (-2 / 3.0 - 1) * (-2 / 3.0)), Hypergradients.T1T2(problem, .1).ToArray()[0], 1e-12);
    }

    [TestMethod]
    public void Implicit_WeightsOfData_AreOneTensorOfDerivatives()
    {
        // T = sum of c_i (w - a_i)2 / 2 has its minimum at w = sum c a / sum c; L = (w - v)2 / 2; dL/dc_i = (w - v) (a_i - w) / sum c.
        using var scope = NewDisposeScope();
        var c = tensor(new[] { 1.0, 2, 5 }).requires_grad_();
        var a = tensor(new[] { 3.0, -1, 2 });
        var w = tensor(11 / 8.0, ScalarType.Float64).requires_grad_();
        var problem = new BilevelProblem([w], [c], _ => (c * (w - a).square()).sum() / 2, () => (w - 4).square() / 2);
        double[] expected = [.. a.data<double>().Select(at => (11 / 8.0 - 4) * (at - 11 / 8.0) / 8)];
        CollectionAssert.AreEqual(expected, Hypergradients.Implicit(problem).ToArray(), Comparer<double>.Create((x, y) => Math.Abs(x - y) < 1e-9 ? 0 : x.CompareTo(y)));
    }

    [TestMethod]
    public void T1T2_OneStepOfDescent_AgreesWithUnrolling()
    {
        // From the same weights: the derivative through one step at which the validation gradient is taken before it, not after; they agree as the rate falls.
        using var small = new SmallTraining();
        using var scope = NewDisposeScope();
        var noise = SmallTraining.Value(.3);
        var rate = 1e-6;
        var cheap = Hypergradients.T1T2(small.Problem([noise], noise), rate).ToArray()[0];
        var unrolled = Hypergradients.Unrolled(small.Problem([noise], noise), new SgdUpdate(rate), 1).ToArray()[0];
        Assert.AreEqual(unrolled, cheap, 1e-4 * Math.Abs(unrolled));
    }

    [TestMethod]
    public void Implicit_Weights_AreLeftAlone()
    {
        using var small = new SmallTraining();
        using var decay = SmallTraining.Value(.1);
        var problem = small.Problem([decay], penalty: () => decay * small.Weights[0].square().sum());
        var before = small.Weights.Select(weight => weight.detach().clone()).ToArray();
        var live = 0L;
        for (var i = 0; i < 3; i++)
        {
            using (NewDisposeScope()) Hypergradients.Implicit(problem, new ImplicitOptions { Solver = ImplicitSolver.Neumann, Terms = 3 });
            if (i == 0) live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }

        Assert.AreEqual(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        foreach (var (one, other) in before.Zip(small.Weights)) Assert.IsTrue(equal(one, other).all().item<bool>());
    }

    [TestMethod]
    public void Implicit_OptionsOutOfRange_SayWhich()
    {
        using var small = new SmallTraining();
        using var decay = SmallTraining.Value(.1);
        var problem = small.Problem([decay]);
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Hypergradients.Implicit(problem, new ImplicitOptions { Terms = 0 })).Message, "ImplicitOptions.Terms 0 must be at least 1.");
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Hypergradients.Implicit(problem, new ImplicitOptions { Damping = -1 })).Message, "ImplicitOptions.Damping -1 must be at least 0.");
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Hypergradients.T1T2(problem, 0)).Message, "ImplicitOptions.StepSize 0 must be above 0");
    }

    /// <summary>Trains to the minimum with a penalty for each weight, by L-BFGS, and differentiates there.</summary>
    private static (double Loss, Hypergradient Gradient) Converged(SmallTraining small, double[] decays, ImplicitOptions? options)
    {
        var values = decays.Select(SmallTraining.Value).ToArray();
        var problem = small.Problem(values, penalty: () => small.Weights.Zip(values, (weight, decay) => decay * weight.square().sum() / 2).Aggregate((a, b) => a + b), dropout: false);
        using var optimizer = optim.LBFGS(small.Weights.Cast<TorchSharp.Modules.Parameter>(), 1, 2000, tolerange_grad: 1e-12, tolerance_change: 1e-16);
        optimizer.step(() =>
        {
            optimizer.zero_grad();
            var loss = problem.Train(1);
            loss.backward();
            return loss;
        });
        var gradient = options is null ? new Hypergradient(problem.Validate().item<double>(), []) : Hypergradients.Implicit(problem, options);
        return (gradient.Loss, gradient);
    }
}
