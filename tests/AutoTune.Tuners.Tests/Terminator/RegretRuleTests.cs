using AutoTune.Tuners.Terminator;

namespace AutoTune.Tuners.Tests.Terminator;

[TestClass]
public sealed class RegretRuleTests
{
    private static readonly SearchSpaceBuilder Builder = new();
    private static readonly Hyperparameter<double> X = Builder.AddReal("x", 0, 1);
    private static readonly Hyperparameter<double> Y = Builder.AddReal("y", 0, 1);
    private static readonly SearchSpace Space = Builder.Build();

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    public async Task UntilRegretBelowNoise_ASmoothLossWithNoise_EndsSoonWithLittleLeft(int seed)
    {
        const double noise = 0.05;
        var result = await Study(seed).UseBayesian().ForTrials(150).UntilRegretBelowNoise(new TerminatorOptions { Noise = noise })
            .RunAsync(trial => Bowl(trial) + noise * trial.Random.Fork("noise").NextGaussian(), CancellationToken.None);
        Assert.IsLessThan(100, result.View.FinishedCount, result.StopReason);
        StringAssert.StartsWith(result.StopReason, "what is left to gain is at most ");
        StringAssert.EndsWith(result.StopReason, "of loss, less than its noise of 0.05");
        Assert.IsLessThan(2 * noise, Bowl(result.Best!.Configuration));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public async Task UntilRegretBelowNoise_MoreLeftThanNoise_GoesOn(int seed)
    {
        // Random search leaves far more than this.
        var result = await Study(seed).UseRandom().ForTrials(40).UntilRegretBelowNoise(new TerminatorOptions { Noise = 1e-5 }).RunAsync(Waves, CancellationToken.None);
        Assert.AreEqual(40, result.View.FinishedCount);
        Assert.IsGreaterThan(1e-5, Waves(result.Best!.Configuration));
    }

    [TestMethod]
    public async Task Bound_OfRandomSearch_IsAboveWhatIsLeft()
    {
        int bounds = 0, held = 0;
        for (var seed = 0; seed < 4; seed++)
        {
            foreach (var (loss, lowest) in new (Func<Configuration, double>, double)[] { (Bowl, 0), (Waves, 0) })
            {
                var view = (await Study(seed).UseRandom().ForTrials(30).RunAsync(trial => loss(trial.Configuration), CancellationToken.None)).View;
                var model = new RegretModel(Space, 1.5);
                foreach (var trial in view.Trials) model.Tell(trial);
                bounds++;
                if (model.Bound(new RandomSource(1))!.Value.Regret >= view.Best!.Loss!.Value - lowest) held++;
            }
        }

        Assert.IsGreaterThanOrEqualTo(bounds - 1, held);
    }

    [TestMethod]
    public async Task Bound_OfMoreTrials_IsLower()
    {
        double After(StudyView view, int count)
        {
            var model = new RegretModel(Space, 1.5);
            foreach (var trial in view.Trials.Take(count)) model.Tell(trial);
            return model.Bound(new RandomSource(1))!.Value.Regret;
        }

        var all = (await Study(3).UseQuasiRandom().ForTrials(60).RunAsync(Bowl, CancellationToken.None)).View;
        Assert.IsLessThan(After(all, 10), After(all, 60));
    }

    [TestMethod]
    public async Task Bound_EqualLosses_IsNotTold()
    {
        var view = (await Study(3).UseRandom().ForTrials(10).RunAsync(_ => 1.0, CancellationToken.None)).View;
        var model = new RegretModel(Space, 1.5);
        foreach (var trial in view.Trials) model.Tell(trial);
        Assert.IsNull(model.Bound(new RandomSource(1)));
    }

    [TestMethod]
    public async Task UntilRegretBelowNoise_EqualLosses_EndsOnceThereAreTrialsEnough()
    {
        var result = await Study(3).UseRandom().ForTrials(60).UntilRegretBelowNoise().RunAsync(_ => 0.25, CancellationToken.None);
        Assert.AreEqual("nothing is left to gain that the trials would show: all 20 that completed have the same loss of 0.25", result.StopReason);
    }

    [TestMethod]
    public async Task UntilRegretBelowNoise_EqualLossesOfFewAmongFailures_GoesOnUntilEnoughHaveCompleted()
    {
        var result = await Study(3).UseRandom().ForTrials(60).UntilRegretBelowNoise()
            .RunAsync(trial => trial.Id.Number % 2 == 0 ? 0.25 : throw new InvalidOperationException("odd"), CancellationToken.None);
        Assert.IsGreaterThanOrEqualTo(20, result.View.CompletedCount, result.StopReason);
        Assert.IsLessThan(60, result.View.Trials.Count, result.StopReason);
    }

    [TestMethod]
    public async Task UntilRegretBelowNoise_EqualLossesButOne_GoesOn()
    {
        var result = await Study(3).UseRandom().ForTrials(30).UntilRegretBelowNoise(new TerminatorOptions { Noise = 1e-9 }).RunAsync(trial => trial.Id.Number == 4 ? 1 : 0.25, CancellationToken.None);
        Assert.AreEqual("all 30 trials have been evaluated", result.StopReason);
    }

    [TestMethod]
    public void NoiseOf_TwoRepeatsByHand_IsThatOfTheirMean()
    {
        // Values 1 and 3: variance 2 a repeat. Of folds (1/2 + 1/1) of it, of seeds 1/2.
        var trial = new Trial { Id = new TrialId(0), Configuration = Space.Default, Reports = [new TrialReport(new TrialId(0), 1, 1), new TrialReport(new TrialId(0), 2, 2)] };
        var repeats = new TrialSteps(2, StepKind.Repeats);
        Assert.AreEqual(Math.Sqrt(3), new RegretRule(new TerminatorOptions(), () => repeats).NoiseOf(trial)!.Value, 1e-12);
        Assert.AreEqual(1, new RegretRule(new TerminatorOptions { RepeatsAreFolds = false }, () => repeats).NoiseOf(trial)!.Value, 1e-12);
        Assert.IsNull(new RegretRule(new TerminatorOptions(), () => new TrialSteps(2, StepKind.Epochs)).NoiseOf(trial));
    }

    [TestMethod]
    public async Task Standing_OnceThereAreTrialsEnough_HasBothFigures()
    {
        var study = Study(1).UseRandom().ForTrials(25).UntilRegretBelowNoise(new TerminatorOptions { Noise = 1e-5 });
        Assert.IsNull(study.StopRules.Single().Standing);
        await study.RunAsync(Bowl, CancellationToken.None);
        StringAssert.StartsWith(study.StopRules.Single().Standing, "remaining regret at most ");
        StringAssert.EndsWith(study.StopRules.Single().Standing, ", noise 1E-05");
    }

    [TestMethod]
    public void UntilRegretBelowNoise_OptionsOutOfRange_AreAllSaid()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Study(0).UntilRegretBelowNoise(new TerminatorOptions { Noise = 0, MinTrials = 4, Deviations = 0 }));
        StringAssert.Contains(error.Message, "TerminatorOptions.Noise is 0; it must be above 0 and finite, or null.");
        StringAssert.Contains(error.Message, "TerminatorOptions.Deviations is 0; it must be above 0 and finite.");
        StringAssert.Contains(error.Message, "TerminatorOptions.MinTrials is 4; it must be 5 or more.");
    }

    private static StudyBuilder Study(int seed) => new StudyBuilder("terminator").WithSearchSpace(Space).Minimize("loss").WithSeed(seed);

    private static double Bowl(ITrialContext trial) => Bowl(trial.Configuration);

    private static double Waves(ITrialContext trial) => Waves(trial.Configuration);

    private static double Bowl(Configuration configuration)
    {
        double x = configuration.Get(X) - 0.3, y = configuration.Get(Y) - 0.6;
        return 2 * (x * x + y * y);
    }

    private static double Waves(Configuration configuration)
        => 2 - Math.Cos(6 * (configuration.Get(X) - 0.3)) - Math.Cos(9 * (configuration.Get(Y) - 0.6));
}
