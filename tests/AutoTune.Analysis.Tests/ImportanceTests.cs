namespace AutoTune.Analysis.Tests;

[TestClass]
public sealed class ImportanceTests
{
    [TestMethod]
    [DataRow(1), DataRow(2), DataRow(3), DataRow(4), DataRow(5)]
    public async Task Importance_OneMattersOneDoesNot_SaysWhich(int seed)
    {
        var shares = await SharesAsync(seed, 60, trial => Math.Pow(trial.Real("matters", -1, 1) - 0.3, 2) + 0 * trial.Real("idle", -1, 1));
        Assert.AreEqual(1, shares.Values.Sum(), 1e-12);
        Assert.IsGreaterThan(0.8, shares["matters"]);
    }

    [TestMethod]
    [DataRow(1), DataRow(2), DataRow(3), DataRow(4), DataRow(5)]
    public async Task Importance_AChoiceDecides_SaysSo(int seed)
    {
        var shares = await SharesAsync(seed, 80, trial =>
            (trial.Categorical("kind", "a", "b", "c") == "b" ? 0 : 5) + 0.2 * trial.Real("x", 0, 1) + (trial.Boolean("idle") ? 0 : 0));
        Assert.IsGreaterThan(0.6, shares["kind"]);
        Assert.IsLessThan(0.15, shares["idle"]);
    }

    [TestMethod]
    [DataRow(1), DataRow(2), DataRow(3), DataRow(4), DataRow(5)]
    public async Task Importance_OfConditionalHyperparameters_IsJudgedWhereTheyAre(int seed)
    {
        // The tree wins; its depth matters much, its seed not at all; the line's rate would matter, but the line never is among the good.
        var shares = await SharesAsync(seed, 120, trial =>
        {
            if (trial.Categorical("trainer", "tree", "line") == "line") return 10 + trial.Real("line.rate", 0, 1);
            return 4 * Math.Pow(trial.Integer("tree.depth", 1, 20) - 14, 2) / 100.0 + 0 * trial.Real("tree.seed", 0, 1);
        });
        Assert.AreEqual(0, shares["line.rate"]);
        Assert.IsGreaterThan(shares["tree.seed"] + 0.2, shares["tree.depth"]);
        Assert.IsGreaterThan(0.05, shares["trainer"]);
    }

    [TestMethod]
    [DataRow(1), DataRow(2), DataRow(3)]
    public async Task Importance_OfUnequalWeights_FollowsThem(int seed)
    {
        var shares = await SharesAsync(seed, 150, trial =>
            9 * Math.Pow(trial.Real("much", 0, 1) - 0.6, 2) + 2 * Math.Pow(trial.Real("little", 0, 1) - 0.4, 2) + 0 * trial.Real("nothing", 0, 1));
        Assert.IsGreaterThan(shares["little"], shares["much"]);
        Assert.IsGreaterThan(shares["nothing"], shares["little"]);
    }

    [TestMethod]
    public async Task Importance_AfterASearchThatHeapedUp_StillFindsWhatMattered()
    {
        // What a model-based search leaves: most trials near the best x; y anywhere.
        var study = new StudyBuilder("heap").ForTrials(80).WithSeed(3);
        var space = new SearchSpaceBuilder();
        var x = space.AddReal("x", 0, 1);
        var y = space.AddReal("y", 0, 1);
        var random = new RandomSource(5);
        study.WithSearchSpace(space);
        for (var i = 0; i < 60; i++)
        {
            var (near, any) = (0.7 + 0.02 * random.NextGaussian(), random.NextDouble());
            study.TryFirst(set => set.Set(x, near).Set(y, any));
        }

        var result = await study.RunAsync(trial => Math.Abs(trial.Configuration.Get(x) - 0.7));
        var importance = result.View.Importance();
        Assert.AreEqual("x", importance[0].Hyperparameter.Name);
        Assert.IsGreaterThan(0.8, importance[0].Share);
    }

    [TestMethod]
    public async Task Importance_IsOrderedAndRepeatable()
    {
        var view = await ViewAsync(7, 50, trial => trial.Real("a", 0, 1) + 3 * trial.Real("b", 0, 1));
        var importance = view.Importance();
        CollectionAssert.AreEqual(importance.OrderByDescending(item => item.Share).ToList(), importance);
        CollectionAssert.AreEqual(importance, view.Importance());
        Assert.AreEqual("b", importance[0].Hyperparameter.Name);
        Assert.StartsWith("b ", importance[0].ToString());
    }

    [TestMethod]
    public async Task Importance_WithFewerThan16Completed_IsEmpty()
    {
        Assert.IsEmpty((await ViewAsync(1, 15, trial => trial.Real("x", 0, 1))).Importance());
        Assert.IsNotEmpty((await ViewAsync(1, 16, trial => trial.Real("x", 0, 1))).Importance());
    }

    [TestMethod]
    public async Task Importance_WhenNothingVaries_IsEmpty()
    {
        var one = await ViewAsync(1, 30, trial => trial.Categorical("only", "this") == "this" ? trial.Random.NextDouble() : 0, repeats: true);
        Assert.IsEmpty(one.Importance());
    }

    [TestMethod]
    public async Task Importance_CountsFailedTrialsOut()
    {
        var view = await ViewAsync(2, 60, trial =>
        {
            var (x, kind) = (trial.Real("x", 0, 1), trial.Boolean("fails"));
            return kind && x < 0.5 ? throw new InvalidOperationException("no") : x;
        });
        Assert.IsGreaterThan(0, view.FailedCount);
        Assert.AreEqual(1, view.Importance().Sum(item => item.Share), 1e-12);
    }

    private static async Task<Dictionary<string, double>> SharesAsync(int seed, int trials, Func<ITrialContext, double> objective)
        => (await ViewAsync(seed, trials, objective)).Importance().ToDictionary(item => item.Hyperparameter.Name, item => item.Share);

    private static async Task<StudyView> ViewAsync(int seed, int trials, Func<ITrialContext, double> objective, bool repeats = false)
    {
        var study = new StudyBuilder("importance").WithSeed(seed).ForTrials(trials);
        if (repeats) study.AllowRepeats();
        return (await study.RunAsync(objective)).View;
    }
}
