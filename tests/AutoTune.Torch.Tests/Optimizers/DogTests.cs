using TorchSharp;
using TorchSharp.Modules;

namespace AutoTune.Torch.Optimizers;

[TestClass]
public sealed class DogTests
{
    [TestMethod]
    public void Step_OfTwoParameters_FollowsThePapersEquation()
    {
        double[] x = [1, -2, .5], start = [1, -2, .5], curvature = [1, .1, 3];
        double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));
        double distance = 1e-6 * (1 + Norm(start)), gradients = 0;
        using var scope = torch.NewDisposeScope();
        using var first = new Parameter(torch.tensor([1.0, -2.0]));
        using var second = new Parameter(torch.tensor([.5]));
        using var optimizer = new Dog([first, second]);
        for (var step = 0; step < 100; step++)
        {
            var gradient = x.Zip(curvature, (value, by) => value * by).ToArray();
            distance = Math.Max(distance, Norm(x.Zip(start, (value, from) => value - from)));
            gradients += gradient.Sum(g => g * g);
            for (var i = 0; i < 3; i++) x[i] -= distance / Math.Sqrt(gradients + 1e-8) * gradient[i];

            optimizer.zero_grad();
            ((first.square() * torch.tensor([.5, .05])).sum() + (second.square() * 1.5).sum()).backward();
            optimizer.step();
            Assert.AreEqual(distance, optimizer.Distance, 1e-9 * distance, $"step {step}");
        }

        Assert.IsGreaterThan(.1, distance, "the distance has grown");
        CollectionAssert.AreEqual(x.Select(value => Math.Round(value, 10)).ToArray(), torch.cat([first, second]).data<double>().Select(value => Math.Round(value, 10)).ToArray());
    }

    [TestMethod]
    public void Dog_WithSettingsOutOfRange_SaysAll()
    {
        using var weights = new Parameter(torch.ones(1));
        var error = Assert.ThrowsExactly<ArgumentException>(() => new Dog([weights], new DogSettings { Epsilon = 0, InitialDistance = 0 }));
        StringAssert.Contains(error.Message, "InitialDistance 0 must be above 0. Epsilon 0 must be above 0.");
    }
}
