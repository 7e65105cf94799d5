using System.Collections.Immutable;
using AutoTune.Scheduling;
using AutoTune.Testing;
using AutoTune.Tuners.Dehb;
using AutoTune.Tuners.Populations;
using AutoTune.Tuners.Tests.Bohb;
using AutoTune.Tuners.Tests.GaussianProcess;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.Dehb;

[TestClass]
public sealed class DehbTests
{
    private static readonly SearchSpace Line = Fixtures.Cube(1);

    public static IEnumerable<object[]> Laws => new Conformance().Laws().Select(law => new object[] { law });

    [TestMethod]
    [DynamicData(nameof(Laws))]
    public Task Tuner_UnderEachLaw_Conforms(Law law) => law.Check();

    [TestMethod]
    public void UseDehb_BudgetsThatCannotBe_AreSaidOfDehb()
    {
        var error = Assert.ThrowsExactly<StudyDefinitionException>(() => new StudyBuilder("bad").WithSearchSpace(Line).WithEpochs(9).UseDehb(new DehbOptions { MinBudget = 0, Reduction = 1 }).ForTrials(3).Open());

        CollectionAssert.AreEqual(new[]
        {
            "DEHB: MinBudget 0 must be at least 1; steps are counted from 1.",
            "DEHB: Reduction 1 must be at least 2; 3 lets one trial in three go on.",
        }, error.Problems.ToArray());
    }

    [TestMethod]
    public void Ask_InTheFirstBracket_BringsUpTheBestOfTheRungBelowOneByOne()
    {
        var tuner = Tuner();
        foreach (var (x, loss) in new[] { (0.1, 3.0), (0.2, 1), (0.3, 2) }) tuner.Tell(Stopped((int)(10 * x), x, loss, rung: 0));

        Assert.AreEqual(0.2, Ask(tuner, 10, 0, 1));
        tuner.Tell(Stopped(10, 0.2, 5, rung: 1));
        Assert.AreEqual(0.3, Ask(tuner, 11, 0, 1));
        Assert.AreEqual(0.2, Ask(tuner, 11, 0, 2)); // the best there, whatever it was below
        Assert.AreEqual(0.1, Ask(tuner, 12, 0, 1, Running(11, 0.3, rung: 1)));
    }

    [TestMethod]
    public void Ask_WhereABracketBegins_MakesAChildOfThreeOfThePopulation()
    {
        // All of the mutant: r1 + 0.5 (r2 - r3) of 0.4, 0.55 and 0.75.
        double[] children = [0.4 - 0.1, 0.4 + 0.1, 0.55 - 0.175, 0.55 + 0.175, 0.75 - 0.075, 0.75 + 0.075];
        var tuner = Tuner(new DehbOptions { CrossoverRate = 1 });
        foreach (var x in new[] { 0.4, 0.55, 0.75 }) tuner.Tell(Stopped((int)(10 * x), x, x, rung: 1));

        var asked = Enumerable.Range(10, 60).Select(number => Ask(tuner, number, bracket: 1, rung: 1)).ToList();
        foreach (var child in children) Assert.IsTrue(asked.Exists(x => Math.Abs(x - child) < 1e-12), $"{child}");
        Assert.IsTrue(asked.TrueForAll(x => children.Any(child => Math.Abs(x - child) < 1e-12)));
    }

    [TestMethod]
    public void Ask_AboveWhereABracketBegins_TakesItsParentsFromTheBestOfTheRungBelow()
    {
        // Bracket 1 of budgets 1, 3, 9 and 27 brings 12 to step 3, 4 to step 9, 1 to step 27: four parents for step 9.
        var tuner = Tuner(new DehbOptions { CrossoverRate = 1 });
        for (var i = 0; i < 12; i++) tuner.Tell(Stopped(i, i < 4 ? 0.4 + 0.01 * i : 0.9, i, rung: 1));

        foreach (var number in Enumerable.Range(20, 40)) Assert.AreEqual(0.415, Ask(tuner, number, bracket: 1, rung: 2), 0.04);
    }

    [TestMethod]
    public void Ask_WhereTheRungBelowBringsUpOne_DrawsItAsOftenAsTheThreeThatHelpOut()
    {
        // Bracket 1 brings one trial to step 27: the best of step 9. All others lie near 0.9.
        var tuner = Tuner(new DehbOptions { CrossoverRate = 1 });
        tuner.Tell(Stopped(0, 0.4, 5, rung: 2));
        for (var i = 1; i <= 12; i++) tuner.Tell(Stopped(i, 0.9 + 0.001 * i, i, rung: 1));

        var near = Enumerable.Range(20, 400).Count(number => Math.Abs(Ask(tuner, number, bracket: 1, rung: 3) - 0.4) < 0.01);
        Assert.AreEqual(100, near, 30); // one in four; among all thirteen it would be one in thirteen
    }

    [TestMethod]
    public void Ask_ThePlaces_AreTakenInTurnAndKeepTheBetterTrial()
    {
        var population = new BudgetPopulation(2);
        population.Tell(0, Member(0, 0.1, 5));
        population.Tell(1, Member(1, 0.2, 4));
        population.Tell(0, Member(2, 0.3, 6));
        Assert.AreEqual(new TrialId(0), population[0]!.Trial);
        population.Tell(0, Member(3, 0.4, 5)); // no worse

        Assert.AreEqual(new TrialId(3), population[0]!.Trial);
        CollectionAssert.AreEqual(new[] { 1, 3 }, population.BestFirst.Select(member => member.Trial.Number).ToArray());
        var tuner = Tuner();
        tuner.Tell(Stopped(0, 0.1, 1, rung: 3));
        Assert.AreEqual("1", Place(tuner));
        Assert.AreEqual("2", Place(tuner, Running(1, 0.2, rung: 3), Running(2, 0.2, rung: 0)));

        static string Place(DehbTuner tuner, params Trial[] pending) => ((Proposal.Evaluate)tuner.Ask(Request(9, 3, 3, pending))).Tags!["place"];
    }

    [TestMethod]
    public async Task UseDehb_OnCurvesThatKeepTheirOrder_IsBetterThanHyperbandAtRandom()
    {
        double[] dehb = new double[9], hyperband = new double[9];
        for (var seed = 0; seed < 9; seed++)
        {
            var result = await Study(seed).UseDehb().RunAsync(Curves.Bowl);
            Assert.IsTrue(result.View.Trials.All(trial => trial.State == (trial.Budget == 27 ? TrialState.Completed : TrialState.Stopped)));
            dehb[seed] = result.BestValue;
            hyperband[seed] = (await Study(seed).UseHyperband().RunAsync(Curves.Bowl)).BestValue;
        }

        Assert.IsLessThan(0.75 * hyperband.Order().ElementAt(4), dehb.Order().ElementAt(4));

        static StudyBuilder Study(int seed) => new StudyBuilder("bowl").WithSearchSpace(Fixtures.Cube(4)).WithSeed(seed).WithEpochs(27, canResume: true).ForTrials(400);
    }

    [TestMethod]
    public void UseDehb_OptionsOutOfTheirRanges_AreSaidAtOnce()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new StudyBuilder("bad").UseDehb(new DehbOptions { DifferentialWeight = 0, CrossoverRate = 2 }));

        StringAssert.StartsWith(error.Message, "DehbOptions.DifferentialWeight is 0; it must be above 0 and at most 2. DehbOptions.CrossoverRate is 2; it must be from 0 to 1.");
        new StudyBuilder("no resuming").WithSearchSpace(Line).WithEpochs(9).UseDehb().Open().Dispose();
    }

    private static DehbTuner Tuner(DehbOptions? options = null) => new(Line, new HyperbandBrackets(1, 27, 3), options ?? new DehbOptions(), new RandomSource(1));

    private static double Ask(DehbTuner tuner, int number, int bracket, int rung, params Trial[] pending)
        => Fixtures.Reals(((Proposal.Evaluate)tuner.Ask(Request(number, bracket, rung, pending))).Configuration)[0];

    private static AskRequest Request(int number, int bracket, int rung, params Trial[] pending)
        => Fixtures.Request(number, 0, pending) with { Budget = 1, Tags = Tags(rung).Add("bracket", $"{bracket}") };

    private static ImmutableSortedDictionary<string, string> Tags(int rung) => ImmutableSortedDictionary<string, string>.Empty.Add("rung", $"{rung}");

    private static Trial Stopped(int number, double x, double loss, int rung) => Running(number, x, rung) with
    {
        State = TrialState.Stopped,
        Reports = [new TrialReport(new TrialId(number), 1, loss)],
        Outcome = new TrialOutcome.Stopped(1, "that was its budget"),
    };

    private static Trial Running(int number, double x, int rung)
        => new() { Id = new TrialId(number), Configuration = Line.Configure(point => point.Set("x0", x)), Tags = Tags(rung) };

    private static Individual Member(int number, double x, double loss)
        => Individual.Of(Line.Configure(point => point.Set("x0", x)), new Standing(0, loss), new TrialId(number), Line);

    private sealed class Conformance : TunerConformance
    {
        protected override ITuner Create(SearchSpace space, RandomSource random) => new DehbTuner(space, new HyperbandBrackets(1, 27, 3), new DehbOptions(), random);
    }
}
