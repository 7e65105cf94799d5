using AutoTune.Tuners.Reinforcement;

namespace AutoTune.Tuners.Tests.Reinforcement;

[TestClass]
public sealed class EarlierStudyTests
{
    [TestMethod]
    public void All_FromTheSameSpace_TakesEveryValueAsItIsHere()
    {
        var space = GaussianProcess.Fixtures.MixedSpace();
        var view = ReinforcementFixtures.Earlier(space, configuration => configuration.ToString().Length, 30, 1);
        var study = EarlierStudy.All(space, [view]).Single();
        for (var i = 0; i < 30; i++)
        {
            double[] unit = new double[space.Hyperparameters.Length];
            var active = new bool[unit.Length];
            space.Encoding.Encode(view.Trials[i].Configuration, unit, active);
            var episode = study.Trials[i].Episode;
            CollectionAssert.AreEqual(active, episode.IsChosen);
            for (var j = 0; j < unit.Length; j++)
            {
                if (active[j]) Assert.AreEqual(unit[j], episode.Unit[j], 1e-12, $"trial {i}, {space.Hyperparameters[j]}");
            }
        }
    }

    [TestMethod]
    public void All_FromAnotherSpace_TakesWhatHasTheSameNameAndIsAValueHere()
    {
        var theirs = new SearchSpaceBuilder();
        theirs.AddReal("rate", 1e-4, 1, Scale.Log);
        theirs.AddCategorical<string>("kind", ["x", "a", "b"]);
        theirs.AddInteger("depth", 1, 9);
        theirs.AddReal("theirs", 0, 1);
        var earlier = theirs.Build();
        var mine = new SearchSpaceBuilder();
        mine.AddCategorical<string>("kind", ["a", "b", "c"]);
        mine.AddReal("rate", 1e-3, 10, Scale.Log);
        mine.AddReal("depth", 0, 10);
        mine.AddReal("mine", 0, 1);
        var space = mine.Build();
        var study = EarlierStudy.All(space, [Told(earlier,
            (c => c.Set("rate", 0.1).Set("kind", "b").Set("depth", 5), 1),
            (c => c.Set("rate", 5e-4).Set("kind", "x").Set("depth", 1), 2))]).Single();
        var (first, second) = (study.Trials[0].Episode, study.Trials[1].Episode);
        CollectionAssert.AreEqual(new[] { true, true, true, false }, first.IsChosen);
        CollectionAssert.AreEqual(new[] { false, false, true, false }, second.IsChosen);
        Assert.AreEqual(0.5, first.Unit[0], 1e-12);
        Assert.AreEqual(0.5, first.Unit[1], 1e-12);
        Assert.AreEqual(0.5, first.Unit[2], 1e-12);
        Assert.IsGreaterThan(second.Score, first.Score);
    }

    [TestMethod]
    public void All_WithNothingInCommon_IsEmpty()
    {
        var theirs = new SearchSpaceBuilder();
        theirs.AddReal("theirs", 0, 1);
        var view = ReinforcementFixtures.Earlier(theirs.Build(), _ => 1, 5, 1);
        Assert.AreEqual(0, EarlierStudy.All(GaussianProcess.Fixtures.Cube(2), [view]).Count);
    }

    [TestMethod]
    public void Rate_OfTrialsOfEachKind_GivesScoresOfMeanZeroThatFailuresEnd()
    {
        var record = new StudyRecord(1, null);
        var episodes = Enumerable.Range(0, 200).Select(_ => new Episode(record.Situation(), [0.5], [true])).ToArray();
        for (var i = 0; i < 200; i++) record.Add(new AutoTune.Tuners.Tpe.TrialRank(0, 0, 0, i), episodes[i]);
        record.Rate();
        Assert.AreEqual(0, episodes.Average(episode => episode.Score), 0.01);
        Assert.IsTrue(episodes.Zip(episodes.Skip(1)).All(pair => pair.First.Score > pair.Second.Score));
        var failed = new Episode(record.Situation(), [0.5], [true]);
        record.Add(new AutoTune.Tuners.Tpe.TrialRank(3, 0, 0, 0), failed);
        record.Rate();
        Assert.AreEqual(-1, failed.Score);
        Assert.IsTrue(Array.TrueForAll(episodes, episode => episode.Score > -1));
    }

    private static StudyView Told(SearchSpace space, params (Action<ConfigurationBuilder> Set, double Loss)[] trials)
    {
        var builder = new StudyBuilder("earlier").WithSearchSpace(space).ForTrials(trials.Length).UseRandom();
        foreach (var trial in trials) builder.TryFirst(trial.Set);
        using var study = builder.Open();
        foreach (var trial in trials) study.Tell(study.Ask()!, trial.Loss);
        return study.View;
    }
}
