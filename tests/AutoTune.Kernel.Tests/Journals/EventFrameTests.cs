using AutoTune.Journals;
using AutoTune.Testing;

namespace AutoTune.Kernel.Tests.Journals;

[TestClass]
public sealed class EventFrameTests
{
    private static byte[] Golden => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Journals", "golden-schema-2.bin"));

    [TestMethod]
    public void Write_EveryKindOfFact_GivesTheGoldenFrames() => Assert.IsTrue(Golden.AsSpan().SequenceEqual(Write(ExampleJournal.Facts())));

    [TestMethod]
    public void ReadFrames_GoldenFrames_GivesTheSameFacts()
    {
        var expected = ExampleJournal.Facts();
        var (good, actual) = Read(Golden);
        Assert.AreEqual(Golden.Length, good);
        Assert.HasCount(expected.Length, actual);
        for (var i = 0; i < expected.Length; i++) Assert.IsNull(SameFact.Difference(expected[i], actual[i]), SameFact.Difference(expected[i], actual[i]));
    }

    [TestMethod]
    public void ReadFrames_CutOffAnywhere_GivesTheFactsBefore()
    {
        var ends = Ends();
        for (var length = 0; length <= Golden.Length; length++)
        {
            var (good, facts) = Read(Golden.AsSpan(0, length));
            Assert.HasCount(ends.Count(end => end <= length), facts);
            Assert.AreEqual(ends.LastOrDefault(end => end <= length), good);
        }
    }

    [TestMethod]
    public void ReadFrames_ABitAlteredAnywhere_GivesTheFactsBefore()
    {
        var ends = Ends();
        for (var at = 0; at < Golden.Length; at++)
        {
            var frames = Golden;
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
