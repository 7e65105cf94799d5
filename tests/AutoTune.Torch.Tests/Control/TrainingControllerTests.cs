using System.Text;
using TorchSharp;

namespace AutoTune.Torch.Control;

[TestClass]
public sealed class TrainingControllerTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("autotune-control").FullName;

    [TestCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Learn_TrainingsFromARateThatIsTooLow_RaisesIt()
    {
        for (var i = 0; i < 32; i++)
        {
            using var rings = new Rings(2e-3);
            using var control = rings.Control(c => c.LearningRate(1e-5, 10).Use(TrainingController.Untrained).LearnIn(_folder), new RandomSource(i));
            rings.Train(control);
        }

        Assert.HasCount(32, Directory.GetFiles(_folder, "*.training"));
        double Trained(TrainingController controller)
        {
            using var rings = new Rings(2e-3);
            using var control = rings.Control(c => c.LearningRate(1e-5, 10).Use(controller));
            return rings.Train(control);
        }

        var learnt = TrainingController.Untrained.Learn(_folder);
        Assert.IsLessThan(.95 * Trained(TrainingController.Untrained), Trained(learnt));
        Assert.AreEqual(Trained(TrainingController.Untrained), Trained(TrainingController.Untrained.Learn(Path.Combine(_folder, "empty"))));
        var file = Path.Combine(_folder, "learnt.policy");
        learnt.Save(file);
        Assert.AreEqual(Trained(learnt), Trained(TrainingController.Load(file)));
    }

    [TestMethod]
    public void Load_WhatIsNoController_SaysSo()
    {
        using var saved = new MemoryStream();
        TrainingController.Untrained.Save(saved);
        var text = Encoding.UTF8.GetString(saved.ToArray());
        void Says(string expected, string content) => StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => TrainingController.Load(new MemoryStream(Encoding.UTF8.GetBytes(content)))).Message, expected);
        Says("This is no controller: it begins with 'epoch,loss' instead of 'AutoTune controller'", "epoch,loss\n1,2");
        Says("The controller is 'AutoTune controller 9 ", text.Replace("controller 1 ", "controller 9 ", StringComparison.Ordinal));
        Says("The controller is damaged: line ", text[..(text.Length / 2)]);
        File.WriteAllText(Path.Combine(_folder, "x.training"), "\u0004none");
        StringAssert.StartsWith(Assert.ThrowsExactly<InvalidDataException>(() => TrainingController.Untrained.Learn(_folder)).Message, "This is no record of a controlled training");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task Control_TrainingThatFailsInTheMiddle_GoesOnBitForBit(bool learns)
    {
        var fails = false;
        var count = 0;
        Task<StudyResult> Study() => new StudyBuilder("controlled").WithSearchSpace(new SearchSpaceBuilder()).Minimize("loss").UseRandom().WithSeed(1).SaveArtifactsIn(Path.Combine(_folder, $"study{count++}"))
            .WithEpochs(Rings.Epochs).ForTrials(1).TuneTorchAsync(trial =>
            {
                using var rings = new Rings(.003);
                var net = trial.Keep("net", rings.Net);
                var optimizer = trial.KeepOptimizer("optimizer", rings.Optimizer);
                var control = trial.Control(net, optimizer, Rings.Steps, c => learns ? c.LearningRate(1e-5, 10).LearnIn(Path.Combine(_folder, $"agent{count}", "rings")) : c.LearningRate(1e-5, 10));
                var loss = double.NaN;
                foreach (var epoch in trial.Epochs())
                {
                    rings.Epoch(epoch, step => control.Descend(step));
                    control.EndEpoch(loss = rings.Validate());
                    if (epoch == 5 && fails)
                    {
                        fails = false;
                        throw new IOException("The power went out.");
                    }

                    trial.Report(epoch, loss);
                }

                return loss;
            }, new TorchOptions { CheckpointEvery = TimeSpan.FromTicks(1) });
        var whole = await Study();
        fails = true;
        var broken = await Study();
        Assert.HasCount(1, broken.Best.FailedAttempts);
        CollectionAssert.AreEqual(whole.Best.Reports.ToList(), broken.Best.Reports.ToList());
        var texts = new[] { whole, broken }.Select(result => File.ReadAllText(Path.Combine(result.ArtifactDirectoryOf(result.Best.Id), "control.txt"))).ToList();
        StringAssert.StartsWith(texts[0], "epoch 1: learning rate 0.003 -> ");
        Assert.AreEqual(texts[0], texts[1]);
        if (learns) CollectionAssert.AreEqual(File.ReadAllBytes(Path.Combine(_folder, "agent1", "rings", "000000.training")), File.ReadAllBytes(Path.Combine(_folder, "agent2", "rings", "000000.training")));
    }
}
