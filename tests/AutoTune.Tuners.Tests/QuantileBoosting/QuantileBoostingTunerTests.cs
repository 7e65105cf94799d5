using AutoTune.Tuners.QuantileBoosting;
using AutoTune.Tuners.Tests.Trees;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.QuantileBoosting;

[TestClass]
public sealed class QuantileBoostingTunerTests : TreeTunerTests
{
    protected override IEnumerable<string> Golden =>
    [
        "x=0.5820903980098591, width=447, size=8, trainer=svm, cost=0.003517351515783025, kernel=poly, degree=3, fixed=2",
        "x=-0.37256898618350476, width=90, size=2, trainer=svm, cost=89.378608368152, kernel=rbf, fixed=2",
        "x=0.3407317352565009, width=49, size=1, trainer=svm, cost=0.4300600384584931, kernel=poly, degree=3, fixed=2",
        "x=0.3411552851019757, width=79, size=1, trainer=svm, cost=0.4764717801897635, kernel=poly, degree=3, fixed=2",
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
