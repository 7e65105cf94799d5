using AutoTune.Scheduling;
using AutoTune.Torch.Training;
using AutoTune.Tuners.PopulationTraining;
using TorchSharp;
using TorchSharp.Modules;

namespace AutoTune.Torch.Optimizers;

[TestClass]
public sealed class TunableOptimizerTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("autotune-torch").FullName;

    [TestCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void AddOptimizer_OfFour_DeclaresTheHyperparametersOfTheChosenOne()
    {
        var space = new SearchSpaceBuilder();
        var optimizer = space.AddOptimizer("optimizer", o => o.Sgd().AdamW().RmsProp().Prodigy());
        var built = space.Build();
        Assert.AreEqual("optimizer=SGD, optimizer.SGD.LearningRate=0.05, optimizer.SGD.Momentum=0.9, optimizer.SGD.Nesterov=false, optimizer.SGD.WeightDecay=0.0001", built.Default.ToString());
        var configuration = built.Configure(set => set.Set(optimizer.Kind!, "AdamW").Set("optimizer.AdamW.LearningRate", .02));
        Assert.AreEqual("optimizer=AdamW, optimizer.AdamW.LearningRate=0.02, optimizer.AdamW.WeightDecay=0.01", configuration.ToString());
        Assert.AreEqual(.02, optimizer.LearningRateOf(configuration));
        Assert.AreEqual("AdamW", optimizer.KindOf(configuration));
    }

    [TestMethod]
    public void AddOptimizer_OfOneWithFixedSettings_DeclaresTheRestAlone()
    {
        var space = new SearchSpaceBuilder();
        space.AddOptimizer("optimizer", o => o.Sgd(new SgdOptions { Momentum = .9, Nesterov = true, WeightDecay = 0, LearningRate = new(.1, 1, Scale.Log, .5) }));
        Assert.AreEqual("optimizer.SGD.LearningRate=0.5", space.Build().Default.ToString());
    }

    [TestMethod]
    public void AddOptimizer_WithinAConditionalPart_ExistsOnlyThere()
    {
        var space = new SearchSpaceBuilder();
        var deep = space.AddBoolean("deep");
        space.AddOptimizer("optimizer", o => o.AdamW().Sgd(), deep.Is(true));
        var built = space.Build();
        Assert.AreEqual("deep=false", built.Default.ToString());
        StringAssert.Contains(built.Configure(set => set.Set(deep, true)).ToString(), "optimizer=AdamW, optimizer.AdamW.LearningRate=0.001");
    }

    [TestMethod]
    public void Create_OfAConfiguration_HasItsSettings()
    {
        var space = new SearchSpaceBuilder();
        var optimizers = space.AddOptimizer("optimizer", o => o.Sgd().AdamW(new AdamWOptions { Beta1 = new(.8, .98) }).RmsProp().Prodigy());
        var built = space.Build();
        using var weights = new Parameter(torch.ones(2));
        using var sgd = (SGD)optimizers.Create(built.Configure(set => set.Set("optimizer.SGD.Nesterov", true).Set("optimizer.SGD.Momentum", .7)), [weights]);
        var options = (SGD.Options)((ParamGroup)sgd.ParamGroups.Single()).Options;
        Assert.AreEqual((.05, .7, true, 1e-4), (options.LearningRate!.Value, options.momentum!.Value, options.nesterov!.Value, options.weight_decay!.Value));
        using var adam = (AdamW)optimizers.Create(built.Configure(set => set.Set("optimizer", "AdamW").Set("optimizer.AdamW.Beta1", .85)), [weights]);
        var ofAdam = (AdamW.Options)((ParamGroup)adam.ParamGroups.Single()).Options;
        Assert.AreEqual((.85, .999, 1e-8, 1e-2), (ofAdam.beta1!.Value, ofAdam.beta2!.Value, ofAdam.eps!.Value, ofAdam.weight_decay!.Value));
        using var rms = (RMSProp)optimizers.Create(built.Configure(set => set.Set("optimizer", "RMSProp").Set("optimizer.RMSProp.Momentum", .5)), [weights]);
        var ofRms = (RMSProp.Options)((ParamGroup)rms.ParamGroups.Single()).Options;
        Assert.AreEqual((.99, .5, false, 1e-5), (ofRms.alpha!.Value, ofRms.momentum!.Value, ofRms.centered!.Value, ofRms.weight_decay!.Value));
    }

    [TestMethod]
    public void Create_OfGroups_ScalesTheRateOfEach()
    {
        var space = new SearchSpaceBuilder();
        var optimizers = space.AddOptimizer("optimizer", o => o.AdamW().Sgd().RmsProp().Prodigy().Dog());
        using var one = new Parameter(torch.ones(2));
        using var other = new Parameter(torch.ones(3));
        foreach (var kind in optimizers.Kind!.Choices)
        {
            var configuration = space.Build().Configure(set => set.Set("optimizer", kind));
            using var optimizer = optimizers.Create(configuration, [new ParameterGroup("body", [one], .5), new ParameterGroup("head", [other])]);
            var rate = optimizers.LearningRateOf(configuration);
            CollectionAssert.AreEqual(new[] { rate * .5, rate }, optimizer.ParamGroups.Select(group => group.LearningRate).ToArray(), kind);
            CollectionAssert.AreEqual(new[] { rate * .5, rate }, optimizer.ParamGroups.Select(group => group.InitialLearningRate).ToArray(), kind);
        }
    }

    [TestMethod]
    [DataRow("SGD")]
    [DataRow("AdamW")]
    [DataRow("RMSProp")]
    [DataRow("Prodigy")]
    [DataRow("DoG")]
    public async Task Create_InATrialThatIsPausedAndResumed_GoesOnBitForBit(string kind)
    {
        var whole = await Study(kind, study => study.ForTrials(6));
        var paused = await Study(kind, study => study.ForTrials(6).UseAsha(new AshaOptions { MaxBudget = 6, Form = AshaForm.Promotion }));
        Assert.IsTrue(paused.View.Trials.Any(trial => trial.PausedAtStep > 0 && trial.Reports.Count > trial.PausedAtStep), "no trial was resumed");
        foreach (var trial in paused.View.Trials)
            CollectionAssert.AreEqual(whole.View[trial.Id].Reports.Take(trial.Reports.Count).ToList(), trial.Reports.ToList(), $"{trial.Id}");
    }

    [TestMethod]
    public async Task Create_ManyTrials_LeavesNoTensorsBehind()
    {
        var result = await Study(null, study => study.ForTrials(12));
        Assert.IsGreaterThan(2, result.View.Trials.Select(trial => trial.Configuration.Values[0].Text).Distinct().Count(), "few kinds were tried");
        Assert.IsTrue(result.View.Trials.All(trial => trial.Outcome is TrialOutcome.Completed { Metrics.Count: 0 }), "each trial counts what it leaves behind");
    }

    [TestMethod]
    public async Task Create_InAPopulation_TrainsWithTheMovedHyperparameters()
    {
        var space = new SearchSpaceBuilder();
        var optimizers = space.AddOptimizer("optimizer", o => o.AdamW());
        var moved = 0;
        List<(double Expected, double Rate)> rates = [];
        var expected = 0.0;
        await Study(space, study => study.ForTrials(4).UsePopulation(new PopulationOptions { Size = 4, Interval = 2 }), (trial, parameters) =>
        {
            expected = optimizers.LearningRateOf(trial.Configuration);
            moved += trial.ResumeAfterStep > 0 ? 1 : 0;
            return optimizers.Create(trial, parameters);
        }, (optimizer, _) => rates.Add((expected, optimizer.ParamGroups.Single().LearningRate)));
        Assert.IsGreaterThan(0, moved);
        Assert.IsGreaterThan(4, rates.Select(pair => pair.Expected).Distinct().Count(), "no learning rate was moved");
        foreach (var (own, used) in rates) Assert.AreEqual(own, used, 1e-12);
    }

    [TestMethod]
    public async Task Optimizer_DeclaredInTheTrial_IsThatOfItsConfiguration()
    {
        var made = new Dictionary<TrialId, bool>();
        var result = await new StudyBuilder("declared").Minimize("loss").ForTrials(8).WithEpochs(2).WithSeed(1).UseRandom().SaveArtifactsIn(_folder).TuneTorchAsync(trial =>
        {
            var weights = new Parameter(torch.ones(3));
            var optimizer = trial.Optimizer("optimizer", o => o.AdamW().Sgd(new SgdOptions { Momentum = .9, Nesterov = true }), [weights]);
            foreach (var epoch in trial.Epochs())
            {
                trial.Descend(weights.square().sum(), optimizer);
                if (!trial.Report(epoch, weights.square().sum().item<float>()).IsContinue) break;
            }

            made[trial.Id] = optimizer is AdamW;
            return weights.square().sum().item<float>();
        });
        foreach (var trial in result.View.Trials) Assert.AreEqual(trial.Configuration.Values[0].Text == "AdamW", made[trial.Id], $"{trial.Id}");
        var names = result.View.Trials.Select(trial => string.Join(" ", trial.Configuration.Values.Select(value => value.Hyperparameter.Name))).Distinct().Order().ToList();
        CollectionAssert.AreEqual(new[] { "optimizer optimizer.AdamW.LearningRate optimizer.AdamW.WeightDecay", "optimizer optimizer.SGD.LearningRate optimizer.SGD.WeightDecay" }, names);
    }

    [TestMethod]
    public void AddOptimizer_WithBadInput_SaysWhatIsWrong()
    {
        var space = new SearchSpaceBuilder();
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => space.AddOptimizer("optimizer", o => o)).Message, "'optimizer' has no optimizer to choose from; name at least one: o => o.AdamW().");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => space.AddOptimizer("optimizer", o => o.Sgd().Sgd())).Message, "'SGD' is named twice");
        space.AddOptimizer("optimizer", o => o.AdamW(new AdamWOptions { LearningRate = new(0, 1, Scale.Log) }));
        StringAssert.Contains(Assert.ThrowsExactly<SearchSpaceException>(space.Build).Message, "Hyperparameter 'optimizer.AdamW.LearningRate': low 0 must be above 0 on a log scale");
    }

    [TestMethod]
    public void Add_SettingsThatCannotBe_AreRefusedAtOnce()
    {
        var space = new SearchSpaceBuilder();
        void Refuses(Action add, string message) => StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentOutOfRangeException>(add).Message, message);
        Refuses(() => space.AddOptimizer("optimizer", o => o.AdamW().Sgd(new SgdOptions { Momentum = 1.5 })), "'optimizer.SGD.Momentum' is 1.5; it must be from 0 to below 1.");
        Refuses(() => space.AddOptimizer("optimizer", o => o.RmsProp(new RmsPropOptions { Momentum = new(.5, 2) })), "'optimizer.RMSProp.Momentum' is searched from 0.5 to 2; both must be from 0 to below 1.");
        Refuses(() => space.AddOptimizer("optimizer", o => o.AdamW(new AdamWOptions { LearningRate = -1 })), "'optimizer.AdamW.LearningRate' is -1; it must be at least 0.");
        Refuses(() => space.AddLearningRateSchedule("schedule", s => s.WarmUp(new WarmUpOptions { WarmUpShare = new(0, 2) })), "'schedule.WarmUp.WarmUpShare' is searched from 0 to 2; both must be from 0 to 1.");
        Refuses(() => space.AddDistillation("distillation", new DistillationOptions { Weight = new(0, 3) }), "'distillation.Weight' is searched from 0 to 3; both must be from 0 to 1.");
        Refuses(() => space.AddPruning("pruning", new PruningOptions { FinalSparsity = 1 }), "'pruning.FinalSparsity' is 1; it must be from 0 to below 1.");
        Refuses(() => space.AddPruning("pruning", new PruningOptions { Begin = .8, End = .2 }), "'pruning' begins after up to 0.8 of the training and ends from 0.2 on; it must begin before it ends, whatever is searched.");
        Refuses(() => space.AddTransfer("transfer", new TransferOptions { RateDecay = 0 }), "'transfer.RateDecay' is 0; it must be above 0.");
    }

    [TestMethod]
    public void Create_WithBadParameters_SaysWhatIsWrong()
    {
        var space = new SearchSpaceBuilder();
        var optimizers = space.AddOptimizer("optimizer", o => o.AdamW());
        var configuration = space.Build().Default;
        using var weights = new Parameter(torch.ones(2, 3));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => optimizers.Create(configuration, Array.Empty<Parameter>())).Message, "'optimizer' is given no parameters; give it those of the network: net.parameters().");
        var error = Assert.ThrowsExactly<ArgumentException>(() => optimizers.Create(configuration, [new ParameterGroup("body", [weights]), new ParameterGroup("head", [weights])]));
        StringAssert.Contains(error.Message, "'optimizer' is given a parameter of shape [2, 3] twice, in the groups 'body' and 'head'");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new ParameterGroup("body", [])).Message, "The group 'body' has no parameters");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new ParameterGroup("body", [weights], 0)).Message, "The group 'body' has rate factor 0, which must be above 0");
    }

    /// <summary>A study of one kind of optimizer, or of all.</summary>
    private Task<StudyResult> Study(string? kind, Func<StudyBuilder, StudyBuilder> more)
    {
        var space = new SearchSpaceBuilder();
        var optimizers = space.AddOptimizer("optimizer", o => kind switch { "SGD" => o.Sgd(), "AdamW" => o.AdamW(), "RMSProp" => o.RmsProp(), "Prodigy" => o.Prodigy(), "DoG" => o.Dog(), _ => o.Sgd().AdamW().RmsProp().Prodigy().Dog() });
        return Study(space, more, (trial, parameters) => optimizers.Create(trial, parameters));
    }

    private async Task<StudyResult> Study(SearchSpaceBuilder space, Func<StudyBuilder, StudyBuilder> more, Func<TorchTrial, IEnumerable<Parameter>, OptimizerHelper> create, Action<torch.optim.Optimizer, int>? beforeStep = null)
    {
        var study = new StudyBuilder("optimizers").WithSearchSpace(space).Minimize("loss").WithSeed(3).WithEpochs(6).UseRandom().SaveArtifactsIn(Path.Combine(_folder, Guid.NewGuid().ToString("N")));
        var tuned = await more(study).TuneTorchAsync(() => new Circles(null) { Optimizer = create, BeforeStep = beforeStep });
        return tuned.Result;
    }
}
