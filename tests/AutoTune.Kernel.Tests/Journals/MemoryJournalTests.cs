using AutoTune.Journals;
using AutoTune.Testing;

namespace AutoTune.Kernel.Tests.Journals;

[TestClass]
public sealed class MemoryJournalTests
{
    public static IEnumerable<object[]> Laws => new Conformance().Laws().Select(law => new object[] { law });

    [TestMethod]
    [DynamicData(nameof(Laws))]
    public Task Conformance_EachLaw_Holds(Law law) => law.Check();

    private sealed class Conformance : JournalConformance
    {
        protected override bool IsDurable => false;

        protected override IJournal Open(string studyName) => new MemoryJournal();
    }
}
