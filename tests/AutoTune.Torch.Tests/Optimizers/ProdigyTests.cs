using TorchSharp;
using TorchSharp.Modules;

namespace AutoTune.Torch.Optimizers;

[TestClass]
public sealed class ProdigyTests
{
    [TestMethod]
    public void Step_OfTwoParameters_FollowsThePapersEquations()
    {
        // The algorithm for Adam of arXiv 2306.06101 as it stands there, in double precision.
        const double B1 = .9, B2 = .999, Epsilon = 1e-8;
        double[] x = [1, -2, .5], start = [1, -2, .5], curvature = [1, .1, 3], m = new double[3], v = new double[3], s = new double[3];
        double d = 1e-6, r = 0;
        using var scope = torch.NewDisposeScope();
        using var first = new Parameter(torch.tensor([1.0, -2.0]));
        using var second = new Parameter(torch.tensor([.5]));
        using var optimizer = new Prodigy([first, second]);
        for (var step = 0; step < 60; step++)
        {
            var root = Math.Sqrt(B2);
            var gradient = x.Zip(curvature, (value, by) => value * by).ToArray();
            r = root * r + (1 - root) * d * d * gradient.Zip(start.Zip(x, (from, to) => from - to), (g, way) => g * way).Sum();
            for (var i = 0; i < 3; i++)
            {
                m[i] = B1 * m[i] + (1 - B1) * d * gradient[i];
                v[i] = B2 * v[i] + (1 - B2) * d * d * gradient[i] * gradient[i];
                s[i] = root * s[i] + (1 - root) * d * d * gradient[i];
                x[i] -= d * m[i] / (Math.Sqrt(v[i]) + d * Epsilon);
            }

            d = Math.Max(d, r / s.Sum(Math.Abs));

            optimizer.zero_grad();
            ((first.square() * torch.tensor([.5, .05])).sum() + (second.square() * 1.5).sum()).backward();
            optimizer.step();
            Assert.AreEqual(d, optimizer.Distance, 1e-9 * d, $"step {step}");
        }

        Assert.IsGreaterThan(1e-3, d, "the distance has grown");
        CollectionAssert.AreEqual(x.Select(value => Math.Round(value, 10)).ToArray(), torch.cat([first, second]).data<double>().Select(value => Math.Round(value, 10)).ToArray());
    }

    [TestMethod]
    public void Step_FromAFarTooSmallRate_FindsTheOneThatSolvesIt()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = torch.manual_seed(1);
        using var weights = new Parameter(torch.zeros(10));
        using var optimizer = new Prodigy([weights]);
        var (x, truth) = (torch.randn(200, 10), torch.randn(10));
        double Loss() => (x.mv(weights) - x.mv(truth)).square().mean().item<float>();
        var before = Loss();
        for (var step = 0; step < 500; step++)
        {
            using var inner = torch.NewDisposeScope();
            optimizer.ParamGroups.Single().LearningRate = .5 * (1 + Math.Cos(Math.PI * step / 500));
            optimizer.zero_grad();
            (x.mv(weights) - x.mv(truth)).square().mean().backward();
            optimizer.step();
        }

        Assert.IsLessThan(1e-4 * before, Loss());
    }

    [TestMethod]
    public void Step_GroupWithASmallerRate_MovesLess()
    {
        using var scope = torch.NewDisposeScope();
        using var slow = new Parameter(torch.ones(1));
        using var fast = new Parameter(torch.ones(1));
        using var optimizer = new Prodigy([new ParameterGroup("slow", [slow], .1), new ParameterGroup("fast", [fast])], new ProdigySettings { InitialDistance = 1e-2 });
        (slow + fast).sum().backward();
        optimizer.step();
        Assert.AreEqual(10, (1 - fast.item<float>()) / (1 - slow.item<float>()), .01);
    }

    [TestMethod]
    public void Prodigy_WithSettingsOutOfRange_SaysAll()
    {
        using var weights = new Parameter(torch.ones(1));
        var error = Assert.ThrowsExactly<ArgumentException>(() => new Prodigy([weights], new ProdigySettings { Beta1 = 1, InitialDistance = 0 }));
        StringAssert.Contains(error.Message, "Beta1 1 must be from 0 to below 1. InitialDistance 0 must be above 0.");
    }
}
