using AutoTune.Tuners.Forest;
using AutoTune.Tuners.Tests.Trees;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.Forest;

[TestClass]
public sealed class ForestTunerTests : TreeTunerTests
{
    protected override IEnumerable<string> Golden =>
    [
        "x=0.8916293161226074, width=156, size=2, trainer=forest, depth=12, share=0.1, fixed=2",
        "x=0.18490315982116257, width=104, size=8, trainer=svm, cost=1.2011377074740603, kernel=poly, degree=3, fixed=2",
        "x=0.36776884333897053, width=367, size=4, trainer=svm, cost=99.2036875300929, kernel=poly, degree=3, fixed=2",
        "x=0.37396013131808914, width=59, size=4, trainer=svm, cost=2.1402721998986416, kernel=poly, degree=3, fixed=2",
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
