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
        for (var i = 0; i < 64; i++)
        {
            using var rings = new Rings(2e-3);
            using var control = rings.Control(c => c.LearningRate(1e-5, 10).Use(TrainingController.Untrained).LearnIn(_folder), new RandomSource(i));
            rings.Train(control);
        }

        Assert.HasCount(64, Directory.GetFiles(_folder, "*.training"));
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
        StringAssert.StartsWith(Assert.ThrowsExactly<InvalidDataException>(() => TrainingController.Untrained.Learn(_folder)).Message, $"'{Path.Combine(_folder, "x.training")}': This is no record of a controlled training");
    }

    [TestMethod]
    public void Learn_DamagedRecord_NamesTheFile()
    {
        Record(new RandomSource(1));
        var file = Directory.GetFiles(_folder).Single();
        var whole = File.ReadAllBytes(file);
        void Says(string expected, byte[] content)
        {
            File.WriteAllBytes(file, content);
            var message = Assert.ThrowsExactly<InvalidDataException>(() => TrainingController.Untrained.Learn(_folder)).Message;
            StringAssert.StartsWith(message, $"'{file}': The record of a controlled training is damaged: {expected}");
            StringAssert.EndsWith(message, " Delete the file to learn without it.");
        }

        Says("it ends early", whole[..(whole.Length / 2)]);
        Says("it ends early", []);
        var draws = whole.Length - 20; // the last decision: the number of draws, then one of them
        Says("decision 39 is one on 9 settings", [.. whole[..draws], 9, .. whole[(draws + 1)..]]);
        Says("decision 39 is Draw {", [.. whole[..(draws + 8)], 9, .. whole[(draws + 9)..]]);
        File.WriteAllBytes(file, whole);
        TrainingController.Untrained.Learn(_folder);
    }

    [TestMethod]
    public void LearnIn_TrainingsSideBySide_EachLeavesItsRecord()
    {
        using var one = new Rings(2e-3);
        using var two = new Rings(2e-3);
        using var first = one.Control(c => c.LearningRate(1e-5, 10).LearnIn(_folder), new RandomSource(1));
        using var second = two.Control(c => c.LearningRate(1e-5, 10).LearnIn(_folder), new RandomSource(2));
        one.Train(first);
        two.Train(second);
        CollectionAssert.AreEqual(new[] { "000000.training", "000001.training" }, Directory.GetFiles(_folder).Select(Path.GetFileName).Order().ToList());
    }

    [TestMethod]
    public async Task LearnIn_StudiesOneAfterTheOther_AddTheirRecordsAndReplaceTheirOwn()
    {
        await Study("a", Rings.Epochs);
        var a = Files();
        Assert.HasCount(2, a);
        await Study("b", Rings.Epochs);
        Assert.HasCount(4, Files());
        await Study("a", Rings.Epochs);
        Assert.HasCount(4, Files());
        CollectionAssert.IsSubsetOf(a, Files());
        Assert.AreEqual(-1, Math.Sign(string.CompareOrdinal(a.Single(name => name.Contains("-000000-", StringComparison.Ordinal)), a.Single(name => name.Contains("-000001-", StringComparison.Ordinal)))));
    }

    [TestMethod]
    public async Task LearnIn_SharedSeed_TrialsExploreApart()
    {
        await Study("a", Rings.Epochs, new TorchOptions { SharedSeed = 1 });
        var actions = TrainingRecord.In(Path.Combine(_folder, "agent")).Select(record => record.Decisions.Select(decision => decision.Draws[0].Action).ToList()).ToList();
        CollectionAssert.AreNotEqual(actions[0], actions[1]);
    }

    [TestMethod]
    public async Task LearnIn_TrialsThatEndBeforeTheirLastEpoch_LeaveWhatThereIs()
    {
        await Study("a", 3);
        foreach (var record in TrainingRecord.In(Path.Combine(_folder, "agent")))
        {
            Assert.HasCount(14, record.Decisions); // five an epoch; the one at the end has got nothing yet
            CollectionAssert.AreEqual(new[] { 3, 8, 13 }, Enumerable.Range(0, 14).Where(i => record.Decisions[i].Reward != 0).ToList());
        }

        Assert.HasCount(2, Files());
        await Study("a", Rings.Epochs);
        foreach (var record in TrainingRecord.In(Path.Combine(_folder, "agent"))) Assert.HasCount(39, record.Decisions);
    }

    [TestMethod]
    public void Improve_TrainingsThatWereStopped_AreNotWorseForBeingShort()
    {
        // Doubling pays at once; later all lose, those that were not stopped.
        double[] signs = [.. Enumerable.Repeat(.5, TrainingSigns.Count)];
        var policy = ControlPolicy.Untrained();
        TrainingRecord Training(int action, bool isStopped)
        {
            var record = new TrainingRecord("task");
            var log = policy.Judge(ControlKind.Rate, signs, action).Log;
            record.Decisions.Add(new TrainingRecord.Decision(signs, [new(ControlKind.Rate, action, log)]) { Reward = action == 4 ? .1 : -.1 });
            if (!isStopped) record.Decisions.Add(new TrainingRecord.Decision(signs, [new(ControlKind.Rate, 2, policy.Judge(ControlKind.Rate, signs, 2).Log)]) { Reward = -5 });
            return record;
        }

        var before = (Up: policy.Judge(ControlKind.Rate, signs, 4).Log, Down: policy.Judge(ControlKind.Rate, signs, 0).Log);
        new ControllerTraining(policy).Improve([.. Enumerable.Range(0, 8).Select(i => Training(i < 4 ? 4 : 0, isStopped: i is 4 or 5 or 6))]); // mostly those that halved
        Assert.IsGreaterThan(before.Up, policy.Judge(ControlKind.Rate, signs, 4).Log);
        Assert.IsLessThan(before.Down, policy.Judge(ControlKind.Rate, signs, 0).Log);
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
        if (learns) CollectionAssert.AreEqual(RecordOf("agent1"), RecordOf("agent2"));
    }

    private byte[] RecordOf(string agent) => File.ReadAllBytes(Directory.GetFiles(Path.Combine(_folder, agent, "rings")).Single());

    private void Record(RandomSource random)
    {
        using var rings = new Rings(2e-3);
        using var control = rings.Control(c => c.LearningRate(1e-5, 10).LearnIn(_folder), random);
        rings.Train(control);
    }

    private List<string> Files() => [.. Directory.GetFiles(Path.Combine(_folder, "agent")).Select(file => Path.GetFileName(file))];

    private Task<StudyResult> Study(string name, int until, TorchOptions? options = null)
    {
        var space = new SearchSpaceBuilder();
        space.AddReal("unused", 0, 1); // two trials of nothing were one
        return new StudyBuilder("controlled").WithSearchSpace(space).Minimize("loss").UseRandom().WithSeed(1).SaveArtifactsIn(Path.Combine(_folder, name)).WithEpochs(Rings.Epochs).ForTrials(2)
            .TuneTorchAsync(trial =>
            {
                using var rings = new Rings(.003);
                var control = trial.Control(rings.Net, rings.Optimizer, Rings.Steps, c => c.LearningRate(1e-5, 10).LearnIn(Path.Combine(_folder, "agent")));
                return rings.Train(control, 1, until);
            }, options ?? new TorchOptions());
    }
}
