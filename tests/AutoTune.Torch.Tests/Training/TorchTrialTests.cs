using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AutoTune.Scheduling;
using AutoTune.Tuners.PopulationTraining;
using TorchSharp;

namespace AutoTune.Torch.Training;

/// <summary>Loops of users that cannot go on as they think, and what they hear of it.</summary>
[TestClass]
public sealed class TorchTrialTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("autotune-torch").FullName;

    [TestCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task Report_AnotherEpochThanIsTrained_SaysSo()
        => await Fails("trial 0 is in epoch 1 and reports epoch 0; report the number that trial.Epochs() gives", trial =>
        {
            foreach (var epoch in trial.Epochs()) trial.Report(epoch - 1, 1);
            return 1;
        });

    [TestMethod]
    public async Task Epochs_PausedAndNothingKept_SaysWhatToKeep()
        => await Fails("was paused after epoch 1 and is to go on, but keeps nothing to go on with; say trial.Keep(\"net\", net)", trial =>
        {
            foreach (var epoch in trial.Epochs())
            {
                if (!trial.Report(epoch, trial.Id.Number).IsContinue) break;
            }

            return 1;
        });

    [TestMethod]
    public async Task Report_PausedAndBegunAnew_SaysSo()
        => await Fails("is to go on after epoch 1, and its loop reports epoch 1: it began anew. Loop by foreach (var epoch in trial.Epochs())", trial =>
        {
            trial.Keep("net", torch.nn.Linear(1, 1));
            for (var epoch = 1; epoch <= trial.EpochCount; epoch++)
            {
                if (!trial.Report(epoch, trial.Id.Number).IsContinue) break;
            }

            return 1;
        });

    [TestMethod]
    public async Task Load_LessThanWasSaved_NamesWhoseItIs()
    {
        await Fails("'mine' has left 4 bytes of the checkpoint unread: it does not read what it wrote", trial => Kept(trial, last: true, reads: 1));
        await Fails("The checkpoint ends within 'mine': it reads more than it wrote", trial => Kept(trial, last: true, reads: 3));
        await Fails("The checkpoint has no 'net' after 'mine': it is one of another training, or 'mine' does not read what it wrote", trial => Kept(trial, last: false, reads: 1));
    }

    [TestMethod]
    public async Task Epochs_PopulationOfDifferentNetworks_SaysWhyTheyCannotBeCopied()
    {
        var space = new SearchSpaceBuilder();
        var width = space.AddInteger("width", 2, 60);
        var result = await new StudyBuilder("population").WithSearchSpace(space).Minimize("loss").WithSeed(1).SaveArtifactsIn(_folder).WithEpochs(4).ForTrials(4)
            .UsePopulation(new PopulationOptions { Size = 4, Interval = 1 }).TuneTorchAsync(trial =>
            {
                trial.Keep("net", torch.nn.Linear(1, trial.Configuration.Get(width)));
                foreach (var epoch in trial.Epochs())
                {
                    if (!trial.Report(epoch, trial.Id.Number).IsContinue) break;
                }

                return trial.Id.Number;
            });
        var errors = result.View.Trials.Select(trial => trial.Outcome).OfType<TrialOutcome.Failed>().Select(failed => failed.Error.Message).ToList();
        Assert.IsNotEmpty(errors);
        StringAssert.Contains(errors[0], "as populations make them: hyperparameters that change the network have no place in such a study.");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task Epochs_LoopThatReportsNone_IsWarnedOf(bool stopsEarly)
    {
        var study = new StudyBuilder("silent").WithSearchSpace(new SearchSpaceBuilder()).Minimize("loss").UseRandom().AllowRepeats().SaveArtifactsIn(_folder).WithEpochs(3).ForTrials(3);
        if (stopsEarly) study = study.UseAsha(1, 3);
        var result = await study.TuneTorchAsync(trial =>
        {
            foreach (var _ in trial.Epochs()) { }
            return 1;
        });
        StringAssert.StartsWith(result.Warnings.Single(), "trial 0 and 2 others reported no epoch on the way: such trainings are not stopped early");
    }

    [TestMethod]
    public async Task Epochs_LossThatIsNotFiniteInALoopThatReportsNone_FailsWithTheEpoch()
    {
        var study = new StudyBuilder("silent").WithSearchSpace(new SearchSpaceBuilder()).Minimize("loss").UseRandom().SaveArtifactsIn(_folder).WithEpochs(3).ForTrials(1);
        var error = await Assert.ThrowsExactlyAsync<StudyFailedException>(() => study.TuneTorchAsync(trial =>
        {
            using var weight = torch.nn.Parameter(torch.ones(1));
            using var optimizer = torch.optim.SGD([weight], .1);
            foreach (var epoch in trial.Epochs()) trial.Descend(epoch == 2 ? (weight - 2).log().sum() : weight.sum(), optimizer);
            return 1;
        }));
        StringAssert.Contains(error.Message, "trial 0: the training loss of epoch 2 is NaN");
    }

    [TestMethod]
    [SuppressMessage("Usage", "CA2201", Justification = "It is what TorchSharp throws.")]
    [DataRow("Unknown scalar type.")]
    [DataRow("Expected false to be true, but got false.  (Could this error message be improved?")]
    public async Task TuneTorch_NumberThatWasFreed_TriesTheTrialAgain(string error)
    {
        var fails = true;
        var result = await new StudyBuilder("freed").WithSearchSpace(new SearchSpaceBuilder()).Minimize("loss").UseRandom().SaveArtifactsIn(_folder).WithEpochs(3).ForTrials(1).TuneTorchAsync(trial =>
        {
            Assert.AreEqual(GCLatencyMode.Batch, GCSettings.LatencyMode);
            foreach (var epoch in trial.Epochs())
            {
                if (epoch == 2 && fails)
                {
                    fails = false;
                    throw new ExternalException(error);
                }

                trial.Report(epoch, epoch);
            }

            return 3;
        });
        StringAssert.StartsWith(result.Best.FailedAttempts.Single().Message, $"trial 0: TorchSharp let a number be freed while libtorch read it (\"{error}\")");
    }

    [TestMethod]
    [DoNotParallelize]
    public async Task TuneTorch_WhenNoStudyTrainsAnyMore_CollectsInTheBackgroundAgain()
    {
        Assert.AreEqual(GCLatencyMode.Interactive, GCSettings.LatencyMode);
        await new StudyBuilder("quiet").WithSearchSpace(new SearchSpaceBuilder()).Minimize("loss").UseRandom().AllowRepeats().SaveArtifactsIn(_folder).WithEpochs(1).ForTrials(4).WithSlots(2).TuneTorchAsync(trial =>
        {
            Assert.AreEqual(GCLatencyMode.Batch, GCSettings.LatencyMode);
            foreach (var epoch in trial.Epochs()) trial.Report(epoch, epoch);
            return 1;
        }, new TorchOptions { ShareProcess = true });
        Assert.AreEqual(GCLatencyMode.Interactive, GCSettings.LatencyMode);

        using (FreedNumberException.Avoid())
        {
            using (FreedNumberException.Avoid()) { }
            Assert.AreEqual(GCLatencyMode.Batch, GCSettings.LatencyMode);
            GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;
        }

        Assert.AreEqual(GCLatencyMode.SustainedLowLatency, GCSettings.LatencyMode, "what the program sets is its own");
        GCSettings.LatencyMode = GCLatencyMode.Interactive;
    }

    [TestMethod]
    public async Task Descend_LossOrClipThatMakesNoSense_SaysSo()
    {
        await Fails("The loss depends on nothing that is trained: it was computed under no_grad", trial => Descended(trial, weight => weight.detach().sum(), null));
        await Fails("The norm that gradients are clipped to must be above 0", trial => Descended(trial, weight => weight.sum(), 0));
    }

    [TestMethod]
    public async Task Epochs_KeptThingsDisposedByTheLoop_AreSavedBefore()
    {
        var result = await new StudyBuilder("disposed").WithSearchSpace(new SearchSpaceBuilder()).Minimize("loss").UseRandom().SaveArtifactsIn(_folder).WithEpochs(3).ForTrials(1).TuneTorchAsync(trial =>
        {
            using var net = trial.Keep("net", torch.nn.Linear(2, 1));
            using var optimizer = trial.KeepOptimizer("optimizer", torch.optim.SGD(net.parameters(), .1, .9));
            using var descent = new HypergradientDescent(optimizer);
            trial.Keep("rate", descent.Save, descent.Load);
            var loss = double.NaN;
            foreach (var epoch in trial.Epochs()) trial.Report(epoch, loss = Step(net, descent));
            return loss;
        });
        Assert.IsTrue(File.Exists(Path.Combine(result.ArtifactDirectoryOf(result.Best.Id), "checkpoint-3")));
        Assert.IsFalse(((TrialOutcome.Completed)result.Best.Outcome!).Metrics.ContainsKey("tensors left behind"));
    }

    [TestMethod]
    public async Task Epochs_HypergradientDescentWithItsOptimizer_GoesOnBitForBit()
    {
        var fails = false;
        Task<StudyResult> Study() => new StudyBuilder("descent").WithSearchSpace(new SearchSpaceBuilder()).Minimize("loss").UseRandom().SaveArtifactsIn(Path.Combine(_folder, Guid.NewGuid().ToString("N")))
            .WithEpochs(6).ForTrials(1).TuneTorchAsync(trial =>
            {
                var net = trial.Keep("net", torch.nn.Linear(2, 1));
                var optimizer = trial.KeepOptimizer("optimizer", torch.optim.SGD(net.parameters(), .1, .9));
                using var descent = new HypergradientDescent(optimizer);
                trial.Keep("rate", descent.Save, descent.Load);
                var loss = double.NaN;
                foreach (var epoch in trial.Epochs())
                {
                    loss = Step(net, descent);
                    if (epoch == 4 && fails)
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
    }

    [TestMethod]
    public async Task Epochs_OfALoopThatReportsEverySecond_GoOnFromTheCheckpoint()
    {
        var fails = false;
        List<int> trained = [];
        Task<StudyResult> Study() => new StudyBuilder("seldom").WithSearchSpace(new SearchSpaceBuilder()).Minimize("loss").UseRandom().SaveArtifactsIn(Path.Combine(_folder, Guid.NewGuid().ToString("N")))
            .WithEpochs(8).ForTrials(1).TuneTorchAsync(trial =>
            {
                var net = trial.Keep("net", torch.nn.Linear(2, 1));
                var optimizer = trial.KeepOptimizer("optimizer", torch.optim.SGD(net.parameters(), .01, .9));
                var value = double.NaN;
                foreach (var epoch in trial.Epochs())
                {
                    trained.Add(epoch);
                    var loss = (net.call(torch.ones(3, 2)) - 1).square().mean();
                    trial.Descend(loss, optimizer);
                    if (epoch == 7 && fails)
                    {
                        fails = false;
                        throw new IOException("The power went out.");
                    }

                    value = loss.item<float>();
                    if (epoch % 2 == 0) trial.Report(epoch, value);
                }

                return value;
            }, new TorchOptions { CheckpointEvery = TimeSpan.FromTicks(1) });
        var whole = await Study();
        trained.Clear();
        fails = true;
        var broken = await Study();
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 4, 5, 6, 7, 7, 8 }, trained);
        CollectionAssert.AreEqual(whole.Best.Reports.ToList(), broken.Best.Reports.ToList());
    }

    private static double Step(torch.nn.Module<torch.Tensor, torch.Tensor> net, HypergradientDescent descent)
    {
        var loss = (net.call(torch.ones(3, 2)) - 1).square().mean();
        descent.Step(loss);
        return loss.item<float>();
    }

    private static double Kept(TorchTrial trial, bool last, int reads)
    {
        if (last) trial.Keep("net", torch.nn.Linear(1, 1));
        trial.Keep("mine", writer =>
        {
            writer.Write(1);
            writer.Write(2);
        }, reader =>
        {
            for (var i = 0; i < reads; i++) reader.ReadInt32();
        });
        if (!last) trial.Keep("net", torch.nn.Linear(1, 1));
        foreach (var epoch in trial.Epochs())
        {
            if (!trial.Report(epoch, trial.Id.Number).IsContinue) break;
        }

        return 1;
    }

    private static double Descended(TorchTrial trial, Func<torch.Tensor, torch.Tensor> loss, double? clip)
    {
        var weight = torch.nn.Parameter(torch.ones(1));
        using var optimizer = torch.optim.SGD([weight], .1);
        trial.Descend(loss(weight), optimizer, clip);
        return 1;
    }

    /// <summary>A study whose trials are paused and promoted fails, and its message says why.</summary>
    private async Task Fails(string message, Func<TorchTrial, double> train, [CallerMemberName] string name = "")
    {
        var space = new SearchSpaceBuilder();
        space.AddReal("rate", 0, 1);
        var study = new StudyBuilder(name).WithSearchSpace(space).Minimize("loss").WithSeed(3).UseRandom().SaveArtifactsIn(Path.Combine(_folder, Guid.NewGuid().ToString("N")))
            .WithEpochs(9).ForTrials(3).UseAsha(new AshaOptions { MaxBudget = 9, Form = AshaForm.Promotion });
        var error = await Assert.ThrowsExactlyAsync<StudyFailedException>(() => study.TuneTorchAsync(train));
        StringAssert.Contains(error.Message, message);
    }
}
