using System.Collections.Immutable;
using AutoTune.Testing;
using AutoTune.Tuners.Forecasts;
using AutoTune.Tuners.Tests.GaussianProcess;
using AutoTune.Tuners.Tpe;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.Forecasts;

[TestClass]
public sealed class RepeatsTunerTests
{
    private static readonly double[] Folds = [3, -1, 2, 5, -9]; // how much harder each is; they add up to nothing
    private static readonly TrialSteps Repeats = new(5, StepKind.Repeats);

    public static IEnumerable<object[]> Laws => new Conformance().Laws().Select(law => new object[] { law });

    [TestMethod]
    [DynamicData(nameof(Laws))]
    public Task Tuner_UnderEachLaw_Conforms(Law law) => law.Check();

    [TestMethod]
    public void Tell_StoppedTrial_TellsWhatItWouldHaveComeTo()
    {
        var heard = new List<Trial>();
        var tuner = RepeatsTuner.Over(new Listener(heard), Repeats);
        tuner.Tell(Told(0, 1, 5));
        tuner.Tell(Told(1, 4, 5));
        for (var folds = 1; folds <= 4; folds++)
        {
            // After each fold its mean is another one, and none of them is 7.
            tuner.Tell(Told(1 + folds, 7, folds));
            Assert.AreEqual(7, heard[^1].Loss!.Value, 1e-12, $"{folds} folds");
            Assert.AreEqual(new TrialId(1 + folds), heard[^1].Id);
        }

        Assert.AreEqual(Told(1, 4, 5).Loss, heard[1].Loss);
    }

    [TestMethod]
    public void Tell_NothingIsKnownOfTheFolds_TellsTheTrialAsItIs()
    {
        var heard = new List<Trial>();
        var tuner = RepeatsTuner.Over(new Listener(heard), Repeats);
        var failed = Told(1, 1, 2) with { Outcome = new TrialOutcome.Failed(new TrialError("System.Exception", "no"), IsRetryable: false) };
        foreach (var trial in new[] { Told(0, 9, 1), failed })
        {
            tuner.Tell(trial);
            Assert.AreSame(trial, heard[^1]);
        }
    }

    [TestMethod]
    public void Tell_StudyHasRequirements_TellsStoppedTrialsAsTheyAre()
    {
        var heard = new List<Trial>();
        var tuner = RepeatsTuner.Over(new Listener(heard), Repeats);
        tuner.Tell(Told(0, 1, 5) with { Violations = [-1] });
        tuner.Tell(Told(1, 4, 5) with { Violations = [2] });
        tuner.Tell(Told(2, 7, 2));
        Assert.IsInstanceOfType<TrialOutcome.Stopped>(heard[^1].Outcome);
    }

    [TestMethod]
    public void Over_StepsAreEpochs_IsTheTunerItself()
    {
        var tuner = new Listener([]);
        Assert.AreSame(tuner, RepeatsTuner.Over(tuner, new TrialSteps(5, StepKind.Epochs)));
        Assert.AreSame(tuner, RepeatsTuner.Over(tuner, null));
    }

    [TestMethod]
    public void Verbs_OfTunersThatGoByLossesAlone_AreToldWholeMeans()
    {
        foreach (var verb in (Func<StudyBuilder, StudyBuilder>[])[study => study.UseTpe(), study => study.UseCmaEs(), study => study.UseGenetic(), study => study.UseGenerative(),
            study => study.UseDifferentialEvolution(), study => study.UseParticleSwarm(), study => study.UseAnnealing()])
        {
            // What the steps are may be said after the tuner.
            var study = verb(new StudyBuilder("folds")).WithRepeats(5);
            Assert.IsInstanceOfType<RepeatsTuner>(study.Tuner(Fixtures.Cube(2), new RandomSource(1)), study.TunerName);
            Assert.IsNotInstanceOfType<RepeatsTuner>(verb(new StudyBuilder("epochs").WithEpochs(5)).Tuner(Fixtures.Cube(2), new RandomSource(1)), study.TunerName);
        }
    }

    /// <summary>A trial that was stopped after some of its folds, or had them all; a fold's value is the trial's loss and the fold's difficulty.</summary>
    private static Trial Told(int number, double loss, int folds)
    {
        var id = new TrialId(number);
        ImmutableList<TrialReport> reports = [.. Enumerable.Range(1, folds).Select(k => new TrialReport(id, k, loss + Folds.Take(k).Average()))];
        return new Trial
        {
            Id = id,
            Configuration = Fixtures.Cube(2).Default,
            Reports = reports,
            Outcome = folds == 5 ? new TrialOutcome.Completed(reports[^1].Loss, ImmutableSortedDictionary<string, double>.Empty) : new TrialOutcome.Stopped(folds, "lost"),
        };
    }

    private sealed class Conformance : TunerConformance
    {
        protected override ITuner Create(SearchSpace space, RandomSource random) => RepeatsTuner.Over(new TpeTuner(space, new TpeOptions(), random), new TrialSteps(9, StepKind.Repeats));
    }

    private sealed class Listener(List<Trial> heard) : ITuner
    {
        public Proposal Ask(AskRequest request) => throw new NotSupportedException();

        public void Tell(Trial trial) => heard.Add(trial);
    }
}
