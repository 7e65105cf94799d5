using AutoTune.Tuners.GaussianProcess;

namespace AutoTune.Tuners.Tests.GaussianProcess;

[TestClass]
public sealed class BranchHearingTests
{
    [TestMethod]
    public async Task UseBayesian_WhereABranchIsOnlyGoodFarFromItsDefaults_FindsItOftenEnough()
    {
        // "deep" is the best of three, but not where its own two hyperparameters are at first; "linear" looks good at once. Without hearings it is found in two studies of eight.
        var space = new SearchSpaceBuilder();
        var kind = space.AddCategorical("kind", ["linear", "trees", "deep"]);
        var x = space.AddReal("x", 0, 1);
        var both = Enumerable.Range(0, 5).Select(j => space.AddReal("both" + j, 0, 1, activeWhen: kind.Is("trees", "deep"))).ToArray();
        var own = Enumerable.Range(0, 2).Select(j => space.AddReal("own" + j, 0, 1, activeWhen: kind.Is("deep"))).ToArray();
        var found = 0;
        for (var seed = 1; seed <= 8; seed++)
        {
            var result = await new StudyBuilder("s").WithSearchSpace(space).UseBayesian().WithSeed(seed).ForTrials(50).RunAsync(trial =>
            {
                double Square(Hyperparameter<double> hyperparameter, double best) => Math.Pow(trial.Configuration.Get(hyperparameter) - best, 2);
                if (trial.Configuration.Get(kind) == "linear") return 1 + Square(x, 0.6);
                var far = Square(x, 0.6) + 2 * both.Sum(h => Square(h, 0.8));
                return trial.Configuration.Get(kind) == "trees" ? 1.05 + far : 0.7 + far + 40 * own.Sum(h => Square(h, 0.1));
            });
            found += result.BestConfiguration.Get(kind) == "deep" ? 1 : 0;
        }

        Assert.IsGreaterThanOrEqualTo(4, found);
    }

    [TestMethod]
    public void Find_BranchBeneathAnother_IsLookedAtWithinThat()
    {
        var builder = new SearchSpaceBuilder();
        var kind = builder.AddCategorical("kind", ["a", "b", "c"]);
        var nested = builder.AddCategorical("nested", ["p", "q"], activeWhen: kind.Is("a"));
        builder.AddReal("deep", 0, 1, activeWhen: nested.Is("q"));
        var space = builder.Build();
        var layout = new SpaceLayout(space);
        var best = Seen(layout, space.Configure(values => values.Set(kind, "a").Set(nested, "p")), 0);
        var branch = BranchHearing.Find(layout, [best], best)!;
        var pool = CandidatePool.Mixed(layout, new RandomSource(1), 100, [best], held: branch);
        for (var i = 0; i < pool.Count; i++) Assert.AreEqual("q", layout.Decode(pool.Unit(i)).Get(nested));
        Assert.IsTrue(branch.Holds(0) && branch.Holds(1) && !branch.Holds(2), "a climb does not leave it, either");
    }

    [TestMethod]
    public async Task UseBayesian_WhereConstraintsLeaveNothingOfABranch_SpendsNoTrialsOnIt()
    {
        var space = new SearchSpaceBuilder();
        var kind = space.AddCategorical("kind", ["open", "closed"]);
        var numbers = Enumerable.Range(0, 4).Select(j => space.AddReal("x" + j, 0, 1)).ToArray();
        space.AddReal("own", 0, 1, activeWhen: kind.Is("closed"));
        space.Require("kind is open", configuration => configuration.Get(kind) != "closed");
        var result = await new StudyBuilder("s").WithSearchSpace(space).UseBayesian().ForTrials(60).RunAsync(trial => numbers.Sum(x => Math.Pow(trial.Configuration.Get(x) - 0.3, 2)));

        // A configuration at random has a loss of .49 on average.
        var losses = result.View.Trials.Where(trial => trial.Id.Number >= 20 && trial.Id.Number % 6 == 2).Select(trial => ((TrialOutcome.Completed)trial.Outcome!).Loss).Order().ToList();
        Assert.IsLessThan(0.1, losses[losses.Count / 2], string.Join(", ", losses));
    }

    [TestMethod]
    public void Find_TakesTheBranchWithTheFewestTrialsForItsHyperparameters()
    {
        var builder = new SearchSpaceBuilder();
        var kind = builder.AddCategorical("kind", ["a", "b", "c", "d"]);
        var nested = builder.AddCategorical("nested", ["p", "q"], activeWhen: kind.Is("b"));
        builder.AddReal("deep", 0, 1, activeWhen: nested.Is("q"));
        for (var j = 0; j < 4; j++) builder.AddReal("c" + j, 0, 1, activeWhen: kind.Is("c"));
        builder.AddReal("one", 1, 1, activeWhen: kind.Is("d")); // nothing to be searched: no branch to be heard
        var space = builder.Build();
        var layout = new SpaceLayout(space);
        var best = Trial("a", 0);
        Assert.AreEqual("b", Heard(best));
        Assert.AreEqual("c", Heard(best, Trial("b", 9)));
        Assert.AreEqual("c", Heard(best, best, best, Trial("b", 9), Trial("c", double.NaN), Trial("c", 9), Trial("c", 9)), "three of four");
        Assert.IsNull(Heard(best, best, best, Trial("b", 9), Trial("c", double.NaN), Trial("c", 9), Trial("c", 9), Trial("c", 9)));
        Assert.IsNull(Heard(best, Trial("b", 9), Trial("c", 0)), "one of the better third");

        string? Heard(params Observation[] trials)
        {
            if (BranchHearing.Find(layout, trials, best) is not { } branch) return null;
            var unit = (double[])best.Unit.Clone();
            branch.Set(unit);
            return layout.Decode(unit).Get(kind);
        }

        Observation Trial(string label, double loss) => Seen(layout, space.Configure(values => values.Set(kind, label)), loss);
    }

    private static Observation Seen(SpaceLayout layout, Configuration configuration, double loss)
    {
        var (unit, active) = (new double[layout.Count], new bool[layout.Count]);
        layout.Encode(configuration, unit, active);
        return new Observation(configuration, unit, active, loss, true, true, double.NaN);
    }
}
