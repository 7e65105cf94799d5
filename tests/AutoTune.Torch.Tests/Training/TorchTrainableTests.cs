using System.Runtime.CompilerServices;
using AutoTune.Scheduling;
using TorchSharp;

namespace AutoTune.Torch.Training;

[TestClass]
public sealed class TorchTrainableTests
{
    private static readonly TorchOptions EveryEpoch = new() { CheckpointEvery = TimeSpan.FromTicks(1) };
    private readonly string _folder = Directory.CreateTempSubdirectory("autotune-torch").FullName;

    [TestCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task TuneTorch_Twice_GivesTheSameStudy()
    {
        var first = await Study(trials: 4, epochs: 5);
        var second = await Study(trials: 4, epochs: 5);
        CollectionAssert.AreEqual(Losses(first.Result), Losses(second.Result));
    }

    [TestMethod]
    public async Task TuneTorch_PausedAndResumed_EqualsUninterrupted()
    {
        var whole = await Study(trials: 9, epochs: 9);
        var paused = await Study(trials: 9, epochs: 9, study => study.UseAsha(new AshaOptions { MaxBudget = 9, Form = AshaForm.Promotion }));
        var resumed = paused.Result.View.Trials.Where(trial => trial.PausedAtStep > 0 && trial.Reports.Count > trial.PausedAtStep).ToList();
        Assert.IsNotEmpty(resumed, "no trial was resumed");
        foreach (var trial in paused.Result.View.Trials)
        {
            var expected = whole.Result.View[trial.Id].Reports.Take(trial.Reports.Count).ToList();
            CollectionAssert.AreEqual(expected, trial.Reports.ToList(), $"{trial.Id}");
        }
    }

    [TestMethod]
    public async Task TuneTorch_TrainingFailsOnTheWay_GoesOnFromItsCheckpointBitForBit()
    {
        var whole = await Study(trials: 1, epochs: 8);
        Circles.EpochsTrained = 0;
        Circles.FailsAt = 6;
        var broken = await Study(trials: 1, epochs: 8, options: EveryEpoch);
        Assert.HasCount(1, broken.Result.Best.FailedAttempts);
        Assert.AreEqual(9, Circles.EpochsTrained, "epoch 6 alone is trained again");
        CollectionAssert.AreEqual(Losses(whole.Result), Losses(broken.Result));
    }

    [TestMethod]
    public async Task TuneTorch_Lengths_TrainsAnewAndReportsTheEnd()
    {
        static StudyBuilder Halved(StudyBuilder study) => study.WithLengths(9).UseAsha(new AshaOptions { MaxBudget = 9 });
        var whole = await Study(trials: 9, epochs: 9);
        var lengths = await Study(trials: 9, epochs: 9, Halved);
        foreach (var trial in lengths.Result.View.Trials) // no schedule here, so that a short training is the beginning of a long one
            CollectionAssert.AreEqual(whole.Result.View[trial.Id].Reports.Where(report => report.Step is 1 or 3 or 9).Take(trial.Reports.Count).ToList(), trial.Reports.ToList(), $"{trial.Id}");
        Assert.Contains(trial => trial.Reports.Count == 3, lengths.Result.View.Trials);
        Assert.IsEmpty(lengths.Result.Warnings);

        Circles.EpochsTrained = 0;
        Circles.FailsAt = 6;
        var broken = await Study(trials: 9, epochs: 9, Halved, EveryEpoch);
        Assert.AreEqual(1 + lengths.Result.View.Trials.Sum(trial => trial.Reports.Sum(report => report.Step)), Circles.EpochsTrained, "epoch 6 alone is trained again");
        Assert.HasCount(1, broken.Result.View.Trials.SelectMany(trial => trial.FailedAttempts));
        CollectionAssert.AreEqual(Losses(lengths.Result), Losses(broken.Result));
    }

    [TestMethod]
    public async Task TuneTorch_Lengths_PlansForTheBudget()
    {
        List<(int Epochs, int Steps)> planned = [];
        var space = Circles.Space(out _);
        var schedules = space.AddLearningRateSchedule("schedule", s => s.Linear());
        await Tuned(space, study => study.ForTrials(17).WithLengths(10).StopEarly()).TuneTorchAsync(trial =>
        {
            var schedule = schedules.Create(trial, stepsPerEpoch: 4);
            planned.Add((trial.EpochCount, schedule.TotalSteps));
            foreach (var epoch in trial.Epochs())
            {
                if (!trial.Report(epoch, trial.Id.Number).IsContinue) break;
            }

            return trial.Id.Number;
        });
        CollectionAssert.AreEqual(Enumerable.Repeat((2, 8), 15).Concat(Enumerable.Repeat((10, 40), 4)).ToList(), planned);
    }

    [TestMethod]
    [DataRow(1, 3)]
    [DataRow(0, 9)] // of one that has begun anew, at a step that it had come to before
    public async Task TuneTorch_LengthWhoseValueIsNotFiniteOnTheWay_EndsThereAsAnEpochDoes(int bad, int length)
    {
        var trained = 0;
        var result = await Tuned(Circles.Space(out _), study => study.ForTrials(6).WithLengths(9).UseAsha(minBudget: 3)).TuneTorchAsync(trial =>
        {
            var isBad = trial.Id.Number == bad && trial.EpochCount == length;
            foreach (var epoch in trial.Epochs())
            {
                if (isBad) trained++;
                if (!trial.Report(epoch, isBad && epoch == 2 ? double.NaN : trial.Id.Number).IsContinue) break;
            }

            return trial.Id.Number;
        });
        Assert.AreEqual(2, trained);
        Assert.StartsWith("The objective reported at step 2 NaN for 'loss'", ((TrialOutcome.Failed)result.View.Trials[bad].Outcome!).Error.Message);
        Assert.AreEqual(1, result.View.FailedCount);
    }

    [TestMethod]
    public async Task TuneTorch_LengthsThatGoOnAsEpochs_AreRefusedAndLoseNothing()
    {
        var space = Circles.Space(out var rate);
        StudyBuilder Stored() => new StudyBuilder("lengths").WithSearchSpace(space).Minimize("loss").WithSeed(3).UseRandom().StopEarly().SaveTo(Path.Combine(_folder, "study.db"));
        var lengths = await Stored().ForTrials(17).WithLengths(5).TuneTorchAsync(() => new Circles(rate));
        var error = await Assert.ThrowsExactlyAsync<StudyDefinitionException>(() => Stored().ForTrials(18).WithEpochs(5).TuneTorchAsync(() => new Circles(rate)));
        Assert.StartsWith("Study 'lengths': the steps of the stored study are lengths, those of this program epochs; what trials reported of one does not compare with the other: say WithLengths,", error.Message);
        var on = await Stored().ForTrials(18).WithLengths(5).TuneTorchAsync(() => new Circles(rate));
        CollectionAssert.AreEqual(Losses(lengths.Result), Losses(on.Result)[..Losses(lengths.Result).Count]);
    }

    [TestMethod]
    public async Task TuneTorch_SpaceDeclaredInTheLoop_GoesOnFromItsCheckpoint()
    {
        var (trained, fails) = (0, true);
        var study = new StudyBuilder("declared").Minimize("loss").UseRandom().ForTrials(1).WithEpochs(6).SaveArtifactsIn(_folder);
        var result = await study.TuneTorchAsync(trial =>
        {
            var rate = trial.Real("rate", .01, .1);
            var net = trial.Keep("net", torch.nn.Linear(2, 1));
            var optimizer = trial.KeepOptimizer("optimizer", torch.optim.SGD(net.parameters(), rate));
            var value = double.NaN;
            foreach (var epoch in trial.Epochs())
            {
                trained++;
                if (epoch == 4 && fails)
                {
                    fails = false;
                    throw new IOException("The power went out.");
                }

                trial.Descend(net.call(torch.ones(3, 2)).square().mean(), optimizer);
                value = trial.TrainingLoss!.Value;
                if (!trial.Report(epoch, value).IsContinue) break;
            }

            return value;
        }, EveryEpoch);
        Assert.HasCount(1, result.Best.FailedAttempts);
        Assert.AreEqual(7, trained, "epoch 4 alone is trained again");
    }

    [TestMethod]
    public async Task TuneTorch_StoppedEarlierWhenRepeated_SavesTheEpochItIsPausedAt()
    {
        // The first attempt is let run to epoch 6, where it fails; the second is paused at epoch 3 of the repeated reports.
        var whole = await Study(trials: 1, epochs: 8);
        Circles.FailsAt = 6;
        var scheduler = new PausesOnce();
        var paused = await Study(trials: 1, epochs: 8, study => study.UseScheduler(_ => scheduler), EveryEpoch);
        Assert.IsTrue(scheduler.HasPaused);
        CollectionAssert.AreEqual(Losses(whole.Result), Losses(paused.Result));
    }

    [TestMethod]
    public async Task TuneTorch_ManyTrials_LeavesNoTensorsBehind()
    {
        await Study(trials: 2, epochs: 2);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var counts = new List<double>();
        var space = Circles.Space(out var rate);
        await Tuned(space, study => study.ForTrials(20).WithEpochs(2)).TuneTorchAsync(trial =>
        {
            counts.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            using var training = new Circles(rate);
            training.Setup(trial);
            var value = double.NaN;
            foreach (var epoch in trial.Epochs())
            {
                training.TrainEpoch(epoch);
                value = training.Validate();
                if (!trial.Report(epoch, value).IsContinue) break;
            }

            return value;
        });
        Assert.AreEqual(counts[0], counts[^1], string.Join(", ", counts));
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    public async Task TuneTorch_TensorsMovedOutOfTheTrial_AreCounted()
    {
        var kept = new List<torch.Tensor>();
        var result = await Tuned(Circles.Space(out _), study => study.ForTrials(1).WithEpochs(1)).TuneTorchAsync(_ =>
        {
            kept.Add(torch.ones(3).DetachFromDisposeScope());
            return 1;
        });
        Assert.AreEqual(1, ((TrialOutcome.Completed)result.Best.Outcome!).Metrics["tensors left behind"]);
        StringAssert.StartsWith(result.Warnings.Single(), "trial 0 left tensors behind, up to 1 (trial 0): something moved them out of the trial's dispose scope");
        kept[0].Dispose();
    }

    [TestMethod]
    public async Task TuneTorch_LossThatIsNotFinite_FailsWithTheEpoch()
    {
        var study = Tuned(Circles.Space(out _), study => study.ForTrials(1).WithEpochs(3));
        var error = await Assert.ThrowsExactlyAsync<StudyFailedException>(() => study.TuneTorchAsync(trial =>
        {
            var weight = torch.nn.Parameter(torch.ones(1));
            using var optimizer = torch.optim.SGD([weight], .1);
            foreach (var epoch in trial.Epochs())
            {
                trial.Descend(epoch == 2 ? (weight - 2).log().sum() : weight.sum(), optimizer);
                trial.Report(epoch, 1);
            }

            return 1;
        }));
        StringAssert.Contains(error.Message, "trial 0: the training loss of epoch 2 is NaN (mean of 1 batches): the training has diverged.");
    }

    [TestMethod]
    public async Task TuneTorch_SharedSeed_TrialsDifferByConfigurationAlone()
    {
        async Task<int> Different(TorchOptions options)
        {
            var study = Tuned(Circles.Space(out _), study => study.ForTrials(4).WithEpochs(2));
            var result = await study.TuneTorchAsync(trial =>
            {
                var value = torch.rand(1).item<float>() + trial.Random.Fork("order").NextDouble();
                foreach (var epoch in trial.Epochs()) trial.Report(epoch, value += torch.rand(1).item<float>());
                return value;
            }, options);
            return result.View.Trials.Select(trial => trial.Loss).Distinct().Count();
        }

        Assert.AreEqual(4, await Different(new TorchOptions()));
        Assert.AreEqual(1, await Different(new TorchOptions { SharedSeed = 1 }));
    }

    [TestMethod]
    public async Task TuneTorch_NativeError_IsKeptWithoutItsFrames()
    {
        var error = await Assert.ThrowsExactlyAsync<StudyFailedException>(() => Tuned(Circles.Space(out _), study => study.ForTrials(1).WithEpochs(1)).TuneTorchAsync(_ => (torch.ones(2) + torch.ones(3)).sum().item<float>()));
        StringAssert.Contains(error.Message, "The size of tensor a (2) must match the size of tensor b (3)");
        Assert.DoesNotContain("frame #", error.View.Trials[0].Outcome!.ToString()!);
    }

    [TestMethod]
    public async Task TuneTorch_OutOfMemory_FailsTheTrialAndGoesOn()
    {
        var result = await Tuned(Circles.Space(out _), study => study.ForTrials(2).WithEpochs(1)).TuneTorchAsync(trial =>
        {
            if (trial.Id.Number == 0) torch.zeros(1L << 50);
            return 1;
        }, new TorchOptions { Devices = ["cpu"] });
        StringAssert.Contains(((TrialOutcome.Failed)result.View[new TrialId(0)].Outcome!).Error.Message, "trial 0 ran out of memory on cpu:");
        Assert.AreEqual(1, result.Best.Id.Number);
    }

    [TestMethod]
    public async Task TuneTorch_ReportAfterTheEnd_SaysSo()
    {
        var study = Tuned(Circles.Space(out _), study => study.ForTrials(1).WithEpochs(3).UseThreshold(0));
        var error = await Assert.ThrowsExactlyAsync<StudyFailedException>(() => study.TuneTorchAsync(trial =>
        {
            trial.Report(1, 1);
            trial.Report(2, 1);
            return 1;
        }));
        StringAssert.Contains(error.Message, "a report of epoch 2 comes after its end");
    }

    [TestMethod]
    public async Task TuneTorch_WithoutEpochs_SaysSo()
    {
        var error = await Assert.ThrowsExactlyAsync<StudyDefinitionException>(() => Tuned(Circles.Space(out var rate), study => study.ForTrials(1)).TuneTorchAsync(() => new Circles(rate)));
        StringAssert.Contains(error.Message, "it is not said how many epochs a training has; say WithEpochs(20).");
    }

    [TestMethod]
    public async Task TuneTorch_DeviceThatIsNotThere_SaysSo()
    {
        var space = Circles.Space(out var rate);
        var error = await Assert.ThrowsExactlyAsync<StudyDefinitionException>(() => Tuned(space, study => study.ForTrials(1).WithEpochs(1)).TuneTorchAsync(() => new Circles(rate), new TorchOptions { Devices = ["cuda:99", "gpu"] }));
        StringAssert.Contains(error.Message, "device 'cuda:99' is not there");
        StringAssert.Contains(error.Message, "device 'gpu' is not known; say \"cpu\", \"cuda\" or \"cuda:0\".");
    }

    [TestMethod]
    public async Task Restore_BestTrial_PredictsAsItDid()
    {
        var tuned = await Study(trials: 3, epochs: 4);
        using var scope = torch.NewDisposeScope();
        using var restored = tuned.Restore();
        Assert.AreEqual(tuned.BestValue, restored.Validate());
    }

    [TestMethod]
    public async Task Restore_Disposed_LeavesNoTensorsBehind()
    {
        var tuned = await Study(trials: 1, epochs: 2);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (torch.NewDisposeScope())
        {
            using var restored = tuned.Restore();
        }

        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    public async Task Restore_StoppedWhenRepeated_HasTheNetworkThatWasTrained()
    {
        // Paused at epoch 2; goes on, fails in epoch 6; its repeated reports are stopped at epoch 4.
        var whole = await Study(trials: 2, epochs: 8);
        Circles.FailsAt = 6;
        var stopped = await Study(trials: 2, epochs: 8, study => study.UseScheduler(_ => new StopsRepeated()), EveryEpoch);
        var trial = stopped.Result.View[new TrialId(0)];
        Assert.IsInstanceOfType<TrialOutcome.Stopped>(trial.Outcome);
        using var scope = torch.NewDisposeScope();
        using var restored = stopped.Restore(trial);
        Assert.AreEqual(whole.Result.View[trial.Id].Reports[4].Loss, restored.Validate(), "the checkpoint of epoch 5 stands");
    }

    [TestMethod]
    public async Task Restore_AnotherNetwork_SaysWhatDiffers()
    {
        var space = Circles.Space(out var rate);
        var width = 8;
        var tuned = await Tuned(space, study => study.ForTrials(1).WithEpochs(1)).TuneTorchAsync(() => new Circles(rate) { Width = width });
        width = 9;
        using var scope = torch.NewDisposeScope();
        var error = Assert.ThrowsExactly<InvalidDataException>(() => tuned.Restore());
        Assert.AreEqual("The checkpoint's 'net' is another than the training's; it has 'hidden.weight [8, 2] Float32', here is 'hidden.weight [9, 2] Float32'. Resume with the configuration and the code that wrote it.", error.Message);
    }

    private Task<TunedTraining<Circles>> Study(int trials, int epochs, Func<StudyBuilder, StudyBuilder>? more = null, TorchOptions? options = null, [CallerMemberName] string name = "")
    {
        var space = Circles.Space(out var rate);
        var study = Tuned(space, study => study.ForTrials(trials).WithEpochs(epochs), name);
        return (more is null ? study : more(study)).TuneTorchAsync(() => new Circles(rate), options);
    }

    private StudyBuilder Tuned(SearchSpaceBuilder space, Func<StudyBuilder, StudyBuilder> more, [CallerMemberName] string name = "")
        => more(new StudyBuilder(name).WithSearchSpace(space).Minimize("loss").WithSeed(3).UseRandom().SaveArtifactsIn(Path.Combine(_folder, Guid.NewGuid().ToString("N"))));

    /// <summary>Pauses the second attempt of trial 0 at epoch 3, and goes on with it.</summary>
    private sealed class PausesOnce : IScheduler
    {
        public bool HasPaused { get; private set; }

        public WorkOrder NextWork(StudyView study)
            => study.Trials.FirstOrDefault(trial => trial.State == TrialState.Paused) is { } paused ? new WorkOrder.ResumeTrial(paused.Id) : new WorkOrder.StartTrial();

        public Directive Judge(TrialReport report, StudyView study)
        {
            if (HasPaused || report.Step != 3 || study[report.Trial].FailedAttempts.IsEmpty) return Directive.Continue;
            HasPaused = true;
            return Directive.Pause("to see it go on");
        }

        public void Observe(StudyEvent studyEvent) { }
    }

    /// <summary>Pauses trial 0 at epoch 2, and stops it at epoch 4 once an attempt has failed.</summary>
    private sealed class StopsRepeated : IScheduler
    {
        public WorkOrder NextWork(StudyView study)
            => study.Trials.FirstOrDefault(trial => trial.State == TrialState.Paused) is { } paused ? new WorkOrder.ResumeTrial(paused.Id) : new WorkOrder.StartTrial();

        public Directive Judge(TrialReport report, StudyView study) => (report.Trial.Number, report.Step, study[report.Trial].FailedAttempts.IsEmpty) switch
        {
            (0, 2, _) => Directive.Pause("to see it go on"),
            (0, 4, false) => Directive.Stop("to see it stop"),
            _ => Directive.Continue,
        };

        public void Observe(StudyEvent studyEvent) { }
    }

    private static List<TrialReport> Losses(StudyResult result) => [.. result.View.Trials.SelectMany(trial => trial.Reports)];
}
