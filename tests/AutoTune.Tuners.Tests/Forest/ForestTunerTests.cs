using AutoTune.Tuners.Forest;
using AutoTune.Tuners.Tests.Trees;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.Forest;

[TestClass]
public sealed class ForestTunerTests : TreeTunerTests
{
    protected override IEnumerable<string> Golden =>
    [
        "x=0.0029551586853369116, width=97, size=1, trainer=svm, cost=20.214379014084585, kernel=poly, degree=5, fixed=2",
        "x=0.210894812946808, width=49, size=4, trainer=svm, cost=0.05776672646298782, kernel=poly, degree=4, fixed=2",
        "x=0.1636317356708501, width=49, size=1, trainer=svm, cost=0.05300859644067768, kernel=poly, degree=4, fixed=2",
        "x=0.8645657708599046, width=44, size=4, trainer=svm, cost=0.049946501204209445, kernel=poly, degree=3, fixed=2",
    ];

    protected override string Name => "forest";

    protected override ITuner Tuner(SearchSpace space, long seed = 0, int? initialTrials = null)
        => new ForestTuner(space, new ForestOptions { InitialTrials = initialTrials }, new RandomSource(seed).Fork("tuner"));

    protected override StudyBuilder Use(StudyBuilder study) => study.UseForest();

    [TestMethod]
    public void Options_OutOfRange_AreNamedWithTheirRulesAllAtOnce()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new StudyBuilder("s").UseForest(new ForestOptions { RandomShare = 1.5, Candidates = 0 }));
        StringAssert.StartsWith(error.Message, "ForestOptions.Candidates is 0; it must be at least 1. ForestOptions.RandomShare is 1.5; it must be from 0 to below 1.");
    }
}
