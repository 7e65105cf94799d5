using System.Collections.Immutable;
using AutoTune.Testing;
using AutoTune.Tuners.Bohb;
using AutoTune.Tuners.Tests.GaussianProcess;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.Bohb;

[TestClass]
public sealed class BohbTests
{
    private static readonly SearchSpace Line = Fixtures.Cube(1);
    private static readonly BohbOptions NeverRandom = new() { RandomShare = 0 };

    public static IEnumerable<object[]> Laws => new Conformance().Laws().Select(law => new object[] { law });

    [TestMethod]
    [DynamicData(nameof(Laws))]
    public Task Tuner_UnderEachLaw_Conforms(Law law) => law.Check();

    [TestMethod]
    public void Ask_WithPausedTrialsAlone_LearnsFromTheirReports()
    {
        var paused = Enumerable.Range(0, 20).Select(i => Paused(i, (i + 0.5) / 20, (1, Math.Abs((i + 0.5) / 20 - 0.2)))).ToArray();

        Assert.AreEqual(0.2, MedianProposal(NeverRandom, paused), 0.06);
    }

    [TestMethod]
    public void Ask_TheModel_IsOfTheLargestBudgetWithEnoughTrials()
    {
        // At step 1 the best is near 0.8, at step 3 near 0.2. One hyperparameter: three trials are enough.
        var low = Enumerable.Range(0, 20).Select(i => Paused(i, (i + 0.5) / 20, (1, Math.Abs((i + 0.5) / 20 - 0.8)))).ToArray();
        Trial[] high = [.. new[] { 0.2, 0.5, 0.7 }.Select((x, i) => Paused(20 + i, x, (1, Math.Abs(x - 0.8)), (3, Math.Abs(x - 0.2))))];

        Assert.AreEqual(0.8, MedianProposal(NeverRandom, [.. low, .. high[..2]]), 0.08);
        Assert.IsLessThan(0.5, MedianProposal(NeverRandom, [.. low, .. high]));
    }

    [TestMethod]
    public void Ask_AReportThatSkipsTheBudget_CountsForTheLastBudgetItReaches()
    {
        var sparse = Enumerable.Range(0, 20).Select(i => Paused(i, (i + 0.5) / 20, (2, -i), (5, Math.Abs((i + 0.5) / 20 - 0.2)))).ToArray(); // at 3, not at 9

        Assert.AreEqual(0.2, MedianProposal(NeverRandom, sparse), 0.06);
    }

    [TestMethod]
    public void Ask_AllAtRandom_DrawsFromTheSpace()
    {
        var paused = Enumerable.Range(0, 20).Select(i => Paused(i, (i + 0.5) / 20, (1, i))).ToArray();
        var drawn = Enumerable.Range(20, 200).Select(number => X(Tuner(new BohbOptions { RandomShare = 1 }).Ask(number, 0, paused))).Order().ToArray();

        Assert.AreEqual(0.5, drawn[100], 0.1);
        Assert.AreEqual(0.25, drawn[50], 0.1);
    }

    [TestMethod]
    public async Task UseBohb_OnCurvesThatKeepTheirOrder_LeavesHalfOfHyperbandsRegret()
    {
        double[] bohb = new double[9], hyperband = new double[9];
        for (var seed = 0; seed < 9; seed++)
        {
            bohb[seed] = (await Study(seed).UseBohb().RunAsync(Curves.Bowl)).BestValue;
            hyperband[seed] = (await Study(seed).UseHyperband().RunAsync(Curves.Bowl)).BestValue;
        }

        Assert.IsLessThan(0.5 * hyperband.Order().ElementAt(4), bohb.Order().ElementAt(4));

        static StudyBuilder Study(int seed) => new StudyBuilder("bowl").WithSearchSpace(Fixtures.Cube(4)).WithSeed(seed).WithEpochs(27, canResume: true).ForTrials(150);
    }

    [TestMethod]
    public void UseBohb_OptionsOutOfTheirRanges_AreSaidAtOnce()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new StudyBuilder("bad").UseBohb(new BohbOptions { RandomShare = -1, GoodShare = 1, Candidates = 0 }));

        StringAssert.StartsWith(error.Message, "BohbOptions.RandomShare is -1; it must be from 0 to 1. BohbOptions.GoodShare is 1; it must be above 0 and below 1. "
            + "BohbOptions.Candidates is 0; it must be at least 1.");
        StringAssert.StartsWith(Assert.ThrowsExactly<StudyDefinitionException>(() => new StudyBuilder("bad").WithSearchSpace(Line).WithEpochs(9).UseBohb().Open()).Message,
            "Study 'bad': BOHB pauses trials and resumes them");
    }

    private static BohbTuner Tuner(BohbOptions options) => new(Line, [1, 3, 9], options, new RandomSource(1));

    private static double X(Configuration configuration) => Fixtures.Reals(configuration)[0];

    private static double MedianProposal(BohbOptions options, Trial[] pending)
    {
        var tuner = Tuner(options);
        return Enumerable.Range(100, 41).Select(number => X(tuner.Ask(number, 0, pending))).Order().ElementAt(20);
    }

    private static Trial Paused(int number, double x, params (int Step, double Loss)[] reports) => new()
    {
        Id = new TrialId(number),
        Configuration = Line.Configure(point => point.Set("x0", x)),
        State = TrialState.Paused,
        PausedAtStep = reports[^1].Step,
        Reports = [.. reports.Select(report => new TrialReport(new TrialId(number), report.Step, report.Loss))],
    };

    private sealed class Conformance : TunerConformance
    {
        protected override ITuner Create(SearchSpace space, RandomSource random) => new BohbTuner(space, [1, 3, 9], new BohbOptions(), random);
    }
}
