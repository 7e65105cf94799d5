using AutoTune.Journals;
using AutoTune.Testing;

namespace AutoTune.Kernel.Tests.Journals;

[TestClass]
public sealed class EventFrameTests
{
    private static byte[] All => Write(ExampleJournal.Facts());

    private static byte[] Golden => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Journals", "golden-schema-2.bin"));

    [TestMethod]
    public void Write_TheKindsWithABinaryBody_GivesTheGoldenFrames() => Assert.IsTrue(Golden.AsSpan().SequenceEqual(Write(Binary())));

    [TestMethod]
    public void ReadFrames_GoldenFrames_GivesTheSameFacts()
    {
        var facts = new List<StudyEvent>();
        var reader = new EventReader("a test");
        reader.Read(EventWriter.Write(ExampleJournal.Facts()[0]));
        Assert.AreEqual(Golden.Length, reader.ReadFrames(Golden, facts.Add));
        DemandSame(Binary(), facts);
    }

    [TestMethod]
    public void ReadFrames_EveryKindOfFact_GivesTheSameFacts() => DemandSame([.. ExampleJournal.Facts()], Read(All).Facts);

    [TestMethod]
    public void ReadFrames_CutOffAnywhere_GivesTheFactsBefore()
    {
        var (whole, ends) = (All, Ends());
        for (var length = 0; length <= whole.Length; length++)
        {
            var (good, facts) = Read(whole.AsSpan(0, length));
            Assert.HasCount(ends.Count(end => end <= length), facts);
            Assert.AreEqual(ends.LastOrDefault(end => end <= length), good);
        }
    }

    [TestMethod]
    public void LengthOfFrames_OfSomeAndCutOffAnywhere_IsWhereTheyEnd()
    {
        var (whole, ends) = (All, Ends());
        for (var some = 0; some <= ends.Count; some++)
        {
            Assert.AreEqual(some == 0 ? 0 : ends[some - 1], EventReader.LengthOfFrames(whole, some, out var count));
            Assert.AreEqual(some, count);
        }

        for (var length = 0; length <= whole.Length; length += 7)
        {
            Assert.AreEqual(ends.LastOrDefault(end => end <= length), EventReader.LengthOfFrames(whole.AsSpan(0, length), long.MaxValue, out var count));
            Assert.AreEqual(ends.Count(end => end <= length), count);
        }
    }

    [TestMethod]
    public void ReadFrames_ABitAlteredAnywhere_GivesTheFactsBefore()
    {
        var (whole, ends) = (All, Ends());
        for (var at = 0; at < whole.Length; at++)
        {
            var frames = whole.ToArray();
            frames[at] ^= (byte)(1 << (at % 8));
            Assert.HasCount(ends.Count(end => end <= at), Read(frames).Facts);
        }
    }

    [TestMethod]
    public void ReadFrames_AWholeFrameOfAnotherSpace_SaysSo()
    {
        var started = Write([ExampleJournal.Facts()[1]]); // without the study's creation
        var error = Assert.ThrowsExactly<JournalException>(() => Read(started));
        Assert.AreEqual("A fact of a test is damaged: it has 9 values for 0 hyperparameters; restore it from a copy, or begin a new study.", error.Message);
    }

    [TestMethod]
    public void ReadFrames_AKindOfTheFuture_SaysSo()
    {
        // The checksum of one byte is in the frame's format: made here as its writer makes it.
        byte[] body = [200];
        byte[] frame = [.. BitConverter.GetBytes(body.Length), .. BitConverter.GetBytes(~System.Numerics.BitOperations.Crc32C(uint.MaxValue, body[0])), .. body];
        var error = Assert.ThrowsExactly<JournalException>(() => Read(frame));
        Assert.AreEqual("A fact of a test is of the kind 200, which this AutoTune does not know; update the package to the one that wrote it.", error.Message);
    }

    /// <summary>The facts with a binary body before the space grows.</summary>
    private static List<StudyEvent> Binary() => [.. ExampleJournal.Facts().TakeWhile(fact => fact is not HyperparameterDeclared)
        .Where(fact => fact is TrialStarted or TrialReported or TrialFinished { Outcome: not TrialOutcome.Failed })];

    private static void DemandSame(List<StudyEvent> expected, List<StudyEvent> actual)
    {
        Assert.HasCount(expected.Count, actual);
        for (var i = 0; i < expected.Count; i++) Assert.IsNull(SameFact.Difference(expected[i], actual[i]), SameFact.Difference(expected[i], actual[i]));
    }

    private static List<int> Ends() => [.. Enumerable.Range(1, ExampleJournal.Facts().Length).Select(count => Write(ExampleJournal.Facts().Take(count)).Length)];

    private static byte[] Write(IEnumerable<StudyEvent> facts)
    {
        var writer = new EventFrameWriter(capacity: 1); // grows
        foreach (var fact in facts) writer.Write(fact);
        return writer.Written.ToArray();
    }

    private static (int Good, List<StudyEvent> Facts) Read(ReadOnlySpan<byte> frames)
    {
        var facts = new List<StudyEvent>();
        return (new EventReader("a test").ReadFrames(frames, facts.Add), facts);
    }
}
