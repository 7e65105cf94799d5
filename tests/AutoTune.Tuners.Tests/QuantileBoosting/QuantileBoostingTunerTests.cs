using AutoTune.Tuners.QuantileBoosting;
using AutoTune.Tuners.Tests.Trees;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.QuantileBoosting;

[TestClass]
public sealed class QuantileBoostingTunerTests : TreeTunerTests
{
    protected override IEnumerable<string> Golden =>
    [
        "x=0.46786209524316713, width=68, size=1, trainer=forest, depth=13, share=0.9, fixed=2",
        "x=0.08286277982702694, width=4, size=8, trainer=svm, cost=252.5143895630762, kernel=rbf, fixed=2",
        "x=0.36702502736816345, width=101, size=4, trainer=svm, cost=3.4588485521614896, kernel=poly, degree=3, fixed=2",
        "x=0.3672828688796086, width=103, size=4, trainer=svm, cost=3.186374779296939, kernel=poly, degree=3, fixed=2",
    ];

    protected override string Name => "quantile boosting";

    protected override ITuner Tuner(SearchSpace space, long seed = 0, int? initialTrials = null)
        => new QuantileBoostingTuner(space, new QuantileBoostingOptions { InitialTrials = initialTrials }, new RandomSource(seed).Fork("tuner"));

    protected override StudyBuilder Use(StudyBuilder study) => study.UseQuantileBoosting();

    [TestMethod]
    public void Options_OutOfRange_AreNamedWithTheirRulesAllAtOnce()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new StudyBuilder("s").UseQuantileBoosting(new QuantileBoostingOptions { RandomShare = 1.5, Candidates = 0 }));
        StringAssert.StartsWith(error.Message, "QuantileBoostingOptions.Candidates is 0; it must be at least 1. QuantileBoostingOptions.RandomShare is 1.5; it must be from 0 to below 1.");
    }
}
