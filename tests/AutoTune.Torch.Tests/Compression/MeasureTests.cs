using AutoTune.Torch.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AutoTune.Torch.Compression;

[TestClass]
public sealed class MeasureTests
{
    [TestMethod]
    public void ModelSize_OfANet_CountsParametersZerosAndBuffers()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Sequential(("a", nn.Linear(3, 4)), ("norm", nn.BatchNorm1d(4)));
        using (no_grad()) net.parameters().First().fill_(0);
        using (no_grad()) net.parameters().Skip(1).First().fill_(1);
        // 12 + 4 of the layer, 4 + 4 of the norm, of which 12 and the norm's 4 biases are 0; buffers: mean and variance of 4, and a count of 8 bytes.
        Assert.AreEqual(new ModelSize(24, 8, 24 * 4 + 2 * 4 * 4 + 8), ModelSize.Of(net));
        Assert.AreEqual(2 / 3.0, ModelSize.Of(net).Sparsity, 1e-12);
    }

    [TestMethod]
    public void Latency_OfANet_IsTheMedianOfItsRunsAndGivesItsModeBack()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Sequential(("a", nn.Linear(3, 4)), ("dropout", nn.Dropout(.5)));
        var clock = new CountingClock();
        var latency = Latency.Of(net, ones(2, 3), repeats: 5, warmUp: 3, clock);
        // Run n takes n ms on this clock; the first three are not counted.
        Assert.AreEqual(new Latency(TimeSpan.FromMilliseconds(6), TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(7), 5), latency);
        Assert.AreEqual(6.0, latency.Milliseconds);
        Assert.IsTrue(net.training);
    }

    [TestMethod]
    public async Task Measure_OfATrainable_AddsMetricsThatAStudyCanRequire()
    {
        var folder = Directory.CreateTempSubdirectory("autotune-torch").FullName;
        var space = new SearchSpaceBuilder();
        var width = space.AddInteger("width", 1, 40);
        var tuned = await new StudyBuilder("sizes").WithSearchSpace(space).Minimize("loss").Require("size", atMost: 200).WithSeed(3).ForTrials(8).WithEpochs(1).UseRandom()
            .SaveArtifactsIn(folder).TuneTorchAsync(() => new Sized(width));
        Assert.IsTrue(tuned.Result.View.Trials.Any(trial => ((TrialOutcome.Completed)trial.Outcome!).Metrics["size"] > 200));
        Assert.IsLessThanOrEqualTo(200, ((TrialOutcome.Completed)tuned.Result.Best.Outcome!).Metrics["size"]);
        Directory.Delete(folder, recursive: true);
    }

    private sealed class Sized(Hyperparameter<int> width) : TorchTrainable
    {
        private nn.Module<Tensor, Tensor> _net = null!;

        public override void Setup(TorchTrial trial) => _net = trial.Keep("net", nn.Linear(1, trial.Configuration.Get(width)));

        public override void TrainEpoch(int epoch) { }

        public override double Validate() => 1.0 / _net.parameters().First().shape[0];

        public override TrialValues Measure(TrialValues values) => values.With("size", ModelSize.Of(_net).Bytes);
    }

    private sealed class CountingClock : TimeProvider
    {
        private long _now;
        private int _calls;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => _now += _calls++ % 2 == 0 ? 0 : _calls / 2;
    }
}
