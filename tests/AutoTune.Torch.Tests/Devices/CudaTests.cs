using AutoTune.Scheduling;
using AutoTune.Torch.Differentiation;
using AutoTune.Torch.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AutoTune.Torch.Devices;

/// <summary>What runs on the CPU runs on a GPU, too. Skipped where there is none.</summary>
[TestClass]
public sealed class CudaTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("autotune-cuda").FullName;
    private DisposeScope _scope = null!;

    [TestInitialize]
    public void Open()
    {
        if (!cuda.is_available()) Assert.Inconclusive("skipped: no CUDA device");
        _scope = NewDisposeScope();
    }

    [TestCleanup]
    public void Close()
    {
        _scope?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [TestMethod]
    public async Task TuneTorch_NoDevicesGiven_TrainsOnCuda()
    {
        var devices = new List<DeviceType>();
        var tuned = await Study(4, study => study, net => devices.Add(net.device_type));
        CollectionAssert.AreEqual(new[] { DeviceType.CUDA, DeviceType.CUDA, DeviceType.CUDA, DeviceType.CUDA }, devices);
        Assert.IsLessThan(.69, tuned.BestValue, "better than chance");
    }

    [TestMethod]
    public async Task TuneTorch_PausedAndResumed_EqualsUninterrupted()
    {
        var whole = await Study(9, study => study);
        var paused = await Study(9, study => study.UseAsha(new AshaOptions { MaxBudget = 9, Form = AshaForm.Promotion }));
        Assert.IsTrue(paused.Result.View.Trials.Any(trial => trial.PausedAtStep > 0 && trial.Reports.Count > trial.PausedAtStep), "no trial was resumed");
        foreach (var trial in paused.Result.View.Trials)
        {
            foreach (var (expected, report) in whole.Result.View[trial.Id].Reports.Zip(trial.Reports)) Assert.AreEqual(expected.Loss, report.Loss, 1e-5, $"{trial.Id}, epoch {report.Step}");
        }
    }

    [TestMethod]
    public async Task TuneTorch_OutOfMemory_FailsTheTrialAndGoesOn()
    {
        var result = await new StudyBuilder("memory").WithSearchSpace(Circles.Space(out _)).Minimize("loss").UseRandom().ForTrials(2).WithEpochs(1).TuneTorchAsync(trial =>
        {
            if (trial.Id.Number == 0) zeros(1L << 45, device: trial.Device);
            return zeros(1, device: trial.Device).item<float>() + 1;
        });
        var error = ((TrialOutcome.Failed)result.View[new TrialId(0)].Outcome!).Error.Message;
        StringAssert.Contains(error, "trial 0 ran out of memory on cuda:0:");
        Assert.AreEqual(1, result.Best.Id.Number);
    }

    [TestMethod]
    public async Task Restore_OnTheCpu_PredictsAsItDid()
    {
        var tuned = await Study(2, study => study);
        using var restored = tuned.Restore(CPU);
        Assert.AreEqual(tuned.BestValue, restored.Validate(), 1e-5);
    }

    [TestMethod]
    public void Hypergradients_OfATraining_AreThoseOfTheCpu()
    {
        double[] at = [.3, .8, .01];
        foreach (var estimate in (Func<SmallTraining, Tensor[], Hypergradient>[])
        [
            (small, values) => Hypergradients.Unrolled(small.Problem(values, dropout: false), new SgdUpdate(values[0]) { Momentum = values[1], WeightDecay = values[2] }, 10),
            (small, values) => Hypergradients.Implicit(small.Problem(values, penalty: () => small.Weights.Aggregate(values[2] * 1.0, (sum, weight) => sum + values[2] * weight.square().sum()), dropout: false), new ImplicitOptions { Terms = 5 }),
            (small, values) => Hypergradients.T1T2(small.Problem(values, penalty: () => small.Weights.Aggregate(values[2] * 1.0, (sum, weight) => sum + values[2] * weight.square().sum()), dropout: false), .1),
        ])
        {
            var (here, there) = (Of(CPU), Of(CUDA));
            for (var i = 0; i < at.Length; i++) Assert.AreEqual(here[i], there[i], 1e-7 * Math.Max(1, Math.Abs(here[i])), $"{i} of {string.Join(", ", here)}");

            double[] Of(torch.Device device)
            {
                using var small = new SmallTraining(device);
                return estimate(small, [.. at.Select(SmallTraining.Value)]).ToArray();
            }
        }
    }

    [TestMethod]
    public void OnlineRates_OfATraining_AreThoseOfTheCpu()
    {
        foreach (var train in (Func<SmallTraining, double>[])[Marthe, Descent])
        {
            using var here = new SmallTraining();
            using var there = new SmallTraining(CUDA);
            Assert.AreEqual(train(here), train(there), 1e-9);
        }

        static double Marthe(SmallTraining small)
        {
            using var marthe = new Marthe(small.Weights, .1);
            for (var step = 1; step <= 20; step++) marthe.Step(small.TrainingLoss(step, null, null, dropout: false), small.ValidationLoss);
            return marthe.Rate;
        }

        static double Descent(SmallTraining small)
        {
            using var descent = new HypergradientDescent(optim.SGD(small.Weights.Cast<Parameter>(), .1));
            for (var step = 1; step <= 20; step++) descent.Step(small.TrainingLoss(step, null, null, dropout: false));
            return descent.Rate;
        }
    }

    [TestMethod]
    public void Optimizers_OfAQuadratic_StepAsOnTheCpu()
    {
        foreach (var make in (Func<Parameter, optim.Optimizer>[])[weights => new Prodigy([weights]), weights => new Dog([weights])])
        {
            double[][] ends = [.. ((torch.Device[])[CPU, CUDA]).Select(device =>
            {
                using var weights = new Parameter(tensor(new[] { 1.0, -2.0, .5 }, device: device));
                using var optimizer = make(weights);
                for (var step = 0; step < 50; step++)
                {
                    optimizer.zero_grad();
                    (weights.square() * tensor(new[] { 1.0, .1, 3 }, device: device)).sum().backward();
                    optimizer.step();
                }

                return weights.cpu().data<double>().ToArray();
            })];
            for (var i = 0; i < 3; i++) Assert.AreEqual(ends[0][i], ends[1][i], 1e-9);
        }
    }

    [TestMethod]
    public void Augmentation_OfImagesAndSound_StaysOnTheDeviceAndRepeats()
    {
        var space = new SearchSpaceBuilder();
        var images = space.AddImageAugmentation("image", a => a.Flip().Shift().Rotate().Crop().Noise().CutOut().MixUp(4));
        var sounds = space.AddAudioAugmentation("sound", a => a.TimeShift().Noise().TimeMask().FrequencyMask().MixUp(4));
        var configuration = space.Build().Sample(new RandomSource(2));
        var (x, y) = (randn(16, 1, 12, 12, device: CUDA), randint(0, 4, 16, device: CUDA));
        foreach (var (augmentation, inputs) in ((TunableAugmentation, Tensor)[])[(images, x), (sounds, x.squeeze(1))])
        {
            var one = augmentation.Create(configuration, new RandomSource(1)).Apply(inputs, y);
            var two = augmentation.Create(configuration, new RandomSource(1)).Apply(inputs, y);
            Assert.AreEqual(DeviceType.CUDA, one.Inputs.device_type);
            Assert.AreEqual(DeviceType.CUDA, one.Targets.device_type);
            Assert.IsTrue(one.Inputs.isfinite().all().item<bool>());
            Assert.IsFalse(one.Inputs.equal(inputs).all().item<bool>());
            Assert.IsTrue(one.Inputs.allclose(two.Inputs));
        }
    }

    [TestMethod]
    public void TensorBatches_OfExamplesOnTheCpu_AreOnTheDeviceInTheSameOrder()
    {
        var (x, y) = (arange(10), arange(10));
        var here = new TensorBatches(x, y).Shuffled(new RandomSource(1), 4).Select(batch => batch.Inputs.data<long>().ToArray()).ToArray();
        var there = new TensorBatches(x, y, CUDA).Shuffled(new RandomSource(1), 4).Select(batch =>
        {
            Assert.AreEqual(DeviceType.CUDA, batch.Targets.device_type);
            return batch.Inputs.cpu().data<long>().ToArray();
        }).ToArray();
        for (var i = 0; i < here.Length; i++) CollectionAssert.AreEqual(here[i], there[i]);
    }

    [TestMethod]
    public void BatchSizeFinder_UntilTheDeviceIsFull_FindsWhatFits()
    {
        const long Floats = 1L << 28; // a gibibyte an example
        using var net = nn.Linear(1, 1).to(CUDA);
        var found = BatchSizeFinder.Find(net, null, size => net.call(zeros(1, 1, device: CUDA)).mean() + zeros(size, Floats, device: CUDA)[0, 0], new BatchSizeOptions { Largest = 1 << 20 });
        StringAssert.Contains(found.Reason, "ran out of memory");
        Assert.IsTrue(found.Largest is > 2 and < 1024, found.Reason);
        Assert.AreEqual(1f, ones(1, device: CUDA).item<float>(), "the device goes on");
    }

    [TestMethod]
    public void LearningRateFinder_OnTheDevice_GivesTheNetworkBackAsItWas()
    {
        using (manual_seed(1)) { }
        using var net = nn.Sequential(("hidden", nn.Linear(4, 16)), ("tanh", nn.Tanh()), ("out", nn.Linear(16, 1))).to(CUDA);
        using var optimizer = optim.SGD(net.parameters(), .1, momentum: .9);
        var x = randn(64, 4, device: CUDA);
        var before = net.parameters().Select(weight => weight.detach().clone()).ToArray();
        var found = LearningRateFinder.Find(net, optimizer, _ => (net.call(x) - x.sum(1, keepdim: true)).square().mean());
        Assert.IsTrue(found.Falls);
        foreach (var (weight, was) in net.parameters().Zip(before)) Assert.IsTrue(weight.allclose(was, 0, 0));
    }

    [TestMethod]
    public void SmallerNetworks_OnTheDevice_WorkAsOnTheCpu()
    {
        using (manual_seed(1)) { }
        using var net = nn.Sequential(("a", nn.Linear(8, 16)), ("relu", nn.ReLU()), ("b", nn.Linear(16, 4)));
        using (var pruned = StructuredPruning.Shrink(net, .5))
        {
            net.to(CUDA);
            using var there = StructuredPruning.Shrink(net, .5);
            var x = randn(5, 8);
            Assert.IsTrue(pruned.call(x).allclose(there.call(x.cuda()).cpu(), atol: 1e-5));
        }

        new MagnitudePruning(net, .5, 0, 10).Apply(10);
        Assert.AreEqual(.5, ModelSize.Of(net).Sparsity, .06);
        var inputs = randn(5, 8, device: CUDA);
        var loss = new Distillation(2, .5).Loss(net.call(inputs), randn(5, 4, device: CUDA), zeros(5, ScalarType.Int64, device: CUDA));
        Assert.IsTrue(double.IsFinite(loss.item<float>()));
        Assert.IsGreaterThan(TimeSpan.Zero, Latency.Of(net, inputs, repeats: 3).Median);
    }

    private Task<TunedTraining<Circles>> Study(int trials, Func<StudyBuilder, StudyBuilder> more, Action<Tensor>? seen = null)
    {
        var study = new StudyBuilder("circles").WithSearchSpace(Circles.Space(out var rate)).Minimize("loss").WithSeed(3).UseRandom().ForTrials(trials).WithEpochs(9)
            .SaveArtifactsIn(Path.Combine(_folder, Guid.NewGuid().ToString("N")));
        return more(study).TuneTorchAsync(() => new Circles(rate)
        {
            Optimizer = (trial, weights) =>
            {
                var all = weights.ToList();
                seen?.Invoke(all[0]);
                return trial.KeepOptimizer("optimizer", optim.AdamW(all, trial.Configuration.Get(rate)));
            },
        });
    }
}
