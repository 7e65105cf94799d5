using AutoTune.Testing;
using AutoTune.Tuners.Architecture;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Tests.Architecture;

[TestClass]
public sealed class ArchitectureConformanceTests
{
    public static IEnumerable<object[]> Laws => new Conformance(false).Laws().Select(law => new object[] { law });

    public static IEnumerable<object[]> LawsWithCells => new Conformance(true).Laws().Select(law => new object[] { law });

    [TestMethod]
    [DynamicData(nameof(Laws))]
    [DynamicData(nameof(LawsWithCells))]
    public Task Tuner_UnderEachLaw_Conforms(Law law) => law.Check();

    private sealed class Conformance(bool withCells) : TunerConformance
    {
        protected override int TrialsPerSpace => 15;

        // What choices of texts a space has form a chain, so that there are cells of which edges do not exist.
        protected override ITuner Create(SearchSpace space, RandomSource random)
        {
            CellSlot[] chain = [.. space.Hyperparameters.OfType<Hyperparameter<string>>().Take(11).Select((choice, i) => new CellSlot(i, i + 1, choice))];
            return new ArchitectureTuner(space, withCells && chain.Length > 0 ? [TunableCell.Over("chain", chain, none: chain[0].Operation.Choices[^1])] : [], new() { Networks = 2, TrainingSteps = 10, Candidates = 100 }, random);
        }
    }
}
