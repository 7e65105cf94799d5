using TorchSharp;
using static TorchSharp.torch;

namespace AutoTune.Torch.Differentiation;

[TestClass]
public sealed class HyperTensorsTests
{
    [TestMethod]
    public async Task Values_GradientOfAStudy_GoesWithTheValue()
    {
        var space = new SearchSpaceBuilder();
        var rate = space.AddReal("rate", .1, 1, Scale.Log);
        var decay = space.AddReal("decay", 1e-4, 1e-1, Scale.Log);
        var tuned = await new StudyBuilder("values").WithSearchSpace(space).Minimize("loss").UseGradient().ForTrials(8).RunAsync(trial =>
        {
            using var small = new SmallTraining();
            using var scope = NewDisposeScope();
            using var hyper = new HyperTensors(trial.Configuration);
            var update = new SgdUpdate(hyper[rate]) { WeightDecay = hyper[decay] };
            return hyper.Values(Hypergradients.Unrolled(small.Problem([.. hyper.All]), update, 10));
        });
        var first = (TrialOutcome.Completed)tuned.View[new TrialId(0)].Outcome!;
        CollectionAssert.AreEquivalent(new[] { "rate", "decay" }, first.Gradient.Keys.ToArray());
        Assert.IsLessThan(first.Loss, tuned.BestValue);
    }

    [TestMethod]
    public void Values_GradientOfOtherHyperparameters_SaysSo()
    {
        var space = new SearchSpaceBuilder();
        var rate = space.AddReal("rate", .1, 1);
        using var hyper = new HyperTensors(space.Build().Default);
        _ = hyper[rate];
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => hyper.Values(new Hypergradient(1, []))).Message, "The gradient has 0 derivatives for 1 hyperparameters;");
    }

    [TestMethod]
    public void OnlineHyperparameters_PenaltyThatIsTooLarge_IsLowered()
    {
        var space = new SearchSpaceBuilder();
        var decay = space.AddReal("decay", 1e-5, 1, Scale.Log, defaultValue: .03);
        double Train(bool adapts)
        {
            using var small = new SmallTraining();
            using var scope = NewDisposeScope();
            using var hyper = new HyperTensors(space.Build().Default);
            var strength = hyper[decay];
            var problem = small.Problem([strength], penalty: () => strength * small.Weights.Select(weight => weight.square().sum()).Aggregate((a, b) => a + b), dropout: false);
            var online = new OnlineHyperparameters(hyper);
            using var optimizer = optim.SGD(small.Weights.Cast<TorchSharp.Modules.Parameter>(), .3);
            for (var step = 1; step <= 300; step++)
            {
                optimizer.zero_grad();
                problem.Train(step).backward();
                optimizer.step();
                if (adapts) online.Step(problem, .3);
            }

            if (adapts) Assert.IsLessThan(.01, online.Configuration.Get(decay));
            return small.ValidationLoss().item<double>();
        }

        Assert.IsLessThan(.9 * Train(adapts: false), Train(adapts: true));
    }

    [TestMethod]
    public void OnlineHyperparameters_SavedAndLoaded_GoesOnAlike()
    {
        var space = new SearchSpaceBuilder();
        var decay = space.AddReal("decay", 1e-4, 10, Scale.Log);
        using var small = new SmallTraining();
        using var scope = NewDisposeScope();
        BilevelProblem Problem(Tensor strength) => small.Problem([strength], penalty: () => strength * small.Weights[0].square().sum(), dropout: false);
        using var one = new HyperTensors(space.Build().Default);
        var online = new OnlineHyperparameters(one, new OnlineHyperparameterOptions { Share = .1 });
        var first = Problem(one[decay]);
        for (var i = 0; i < 3; i++) online.Step(first, .1);
        using var stream = new MemoryStream();
        online.Save(new BinaryWriter(stream));
        stream.Position = 0;
        using var two = new HyperTensors(space.Build().Default);
        var second = Problem(two[decay]);
        var resumed = new OnlineHyperparameters(two, new OnlineHyperparameterOptions { Share = .1 });
        resumed.Load(new BinaryReader(stream));
        Assert.AreEqual(online.Configuration, resumed.Configuration);
        online.Step(first, .1);
        resumed.Step(second, .1);
        Assert.AreEqual(online.Configuration, resumed.Configuration);
    }
}
