using System.Collections.Immutable;
using System.Globalization;
using AutoTune.Journals;
using AutoTune.Testing;

namespace AutoTune.Kernel.Tests.Journals;

[TestClass]
public sealed class EventTextTests
{
    private static string Golden => Stored("golden-schema-3.jsonl");

    private static string Stored(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Journals", name));

    [TestMethod]
    public void Write_EveryKindOfFact_GivesTheGoldenText() =>
        Assert.AreEqual(Golden, string.Concat(ExampleJournal.Facts().Select(fact => EventWriter.Write(fact) + "\n")));

    [TestMethod]
    public void Read_GoldenText_GivesTheSameFacts()
    {
        var expected = ExampleJournal.Facts();
        var actual = Read(Golden);
        Assert.HasCount(expected.Length, actual);
        for (var i = 0; i < expected.Length; i++) Assert.IsNull(SameFact.Difference(expected[i], actual[i]), SameFact.Difference(expected[i], actual[i]));
    }

    [TestMethod]
    [DataRow("golden-schema-1.jsonl", 25)]
    [DataRow("golden-schema-2.jsonl", 28)]
    public void Read_GoldenTextOfAnOlderSchema_GivesTheFactsOfThatTime(string name, int count)
    {
        var old = Read(Stored(name));
        Assert.HasCount(count, old);
        foreach (var (expected, actual) in ExampleJournal.Facts().Zip(old)) Assert.IsNull(SameFact.Difference(expected, actual));
    }

    [TestMethod]
    public void Write_FactsThatAnOlderReaderKnows_GivesTextThatItTakes()
    {
        foreach (var fact in ExampleJournal.Facts())
        {
            var needed = fact switch { TrialFinished { Outcome: TrialOutcome.Completed { Gradient.IsEmpty: false } } => 3, TrialResumed { Configuration: not null } => 2, _ => 1 };
            Assert.StartsWith($"{{\"v\":{needed},", EventWriter.Write(fact));
        }
    }

    [TestMethod]
    public void Read_GoldenText_CanBeWrittenAgainAsTheSameText() =>
        Assert.AreEqual(Golden, string.Concat(Read(Golden).Select(fact => EventWriter.Write(fact) + "\n")));

    [TestMethod]
    public void Golden_EveryKindOfFact_IsThere()
    {
        var kinds = typeof(StudyEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(StudyEvent))).Select(type => type.Name).Order();
        Assert.AreSequenceEqual(kinds, ExampleJournal.Facts().Select(fact => fact.GetType().Name).Distinct().Order());
    }

    [TestMethod]
    public void Read_GoldenText_FoldsToTheSameStudy()
    {
        var expected = StudyView.Of(ExampleJournal.Facts());
        var actual = StudyView.Of(Read(Golden));
        Assert.AreEqual(expected.Best!.Configuration, actual.Best!.Configuration);
        Assert.AreEqual(expected.Best.Outcome, actual.Best.Outcome);
        Assert.IsEmpty(expected.Space.DifferencesFrom(actual.Space));
        Assert.AreEqual(6, actual.Trials.Count);
        Assert.AreEqual(expected.Trials[5].Outcome, actual.Trials[5].Outcome);
        Assert.AreEqual(new TrialId(4), actual.Running.Single());
        Assert.AreEqual(expected.Trials[4].Schedule, actual.Trials[4].Schedule);
        Assert.AreEqual("rate=0.00011", actual.Trials[4].Configuration.ToString()[..12]);
    }

    [TestMethod]
    public void Read_StudyWithItsEvaluation_GivesItBack()
    {
        var created = new StudyCreated("x", 1, new Goal("loss", false), SearchSpace.Empty) { Evaluation = "5 folds of 900 rows" };
        Assert.AreEqual("5 folds of 900 rows", ((StudyCreated)new EventReader("a test").Read(EventWriter.Write(created))).Evaluation);
    }

    [TestMethod]
    [DataRow(StepKind.Epochs, "epochs")]
    [DataRow(StepKind.Repeats, "repeats")]
    [DataRow(StepKind.Samples, "samples")]
    [DataRow(StepKind.Lengths, "lengths")]
    public void Read_StudyWithItsSteps_GivesThemBack(StepKind kind, string name)
    {
        foreach (var canResume in new[] { false, true })
        {
            var created = new StudyCreated("x", 1, new Goal("loss", false), SearchSpace.Empty) { Steps = new TrialSteps(9, kind) { CanResume = canResume } };
            var text = EventWriter.Write(created);
            Assert.Contains($"\"steps\":{{\"count\":9,\"kind\":\"{name}\"", text);
            Assert.StartsWith("{\"v\":1,", text);
            Assert.AreEqual(created.Steps, ((StudyCreated)new EventReader("a test").Read(text)).Steps);
        }
    }

    [TestMethod]
    public void Read_StepsOfANewerKind_SaysSo()
    {
        var text = EventWriter.Write(new StudyCreated("x", 1, new Goal("loss", false), SearchSpace.Empty) { Steps = new TrialSteps(9, StepKind.Lengths) }).Replace("lengths", "widths", StringComparison.Ordinal);
        var error = Assert.ThrowsExactly<JournalException>(() => new EventReader("a test").Read(text));
        Assert.AreEqual("The steps of a test are widths, which this AutoTune does not know; update the package to the one that wrote it.", error.Message);
    }

    [TestMethod]
    public void Read_ConfigurationWithTheUsersHandles_GivesTypedValues()
    {
        var builder = new SearchSpaceBuilder();
        var rate = builder.AddReal("rate", 1e-5, 1, Scale.Log);
        var layers = builder.AddCategorical("layers", [16, 32, 64]);
        var bias = builder.AddBoolean("bias");
        var space = builder.Build();
        var wanted = space.Configure(set => set.Set(rate, 0.25).Set(layers, 64).Set(bias, true));
        var reader = new EventReader("a test");
        reader.Read(EventWriter.Write(new StudyCreated("x", 1, new Goal("loss", false), space)));
        var started = (TrialStarted)reader.Read(EventWriter.Write(new TrialStarted(new TrialId(0), wanted, null, ImmutableSortedDictionary<string, string>.Empty, "user")));
        Assert.AreEqual(wanted, started.Configuration);
        Assert.AreEqual(0.25, started.Configuration.Get(rate));
        Assert.AreEqual(64, started.Configuration.Get(layers));
        Assert.IsTrue(started.Configuration.Get(bias));
    }

    [TestMethod]
    [DataRow("tr-TR")]
    [DataRow("de-DE")]
    [DataRow("ar-SA")]
    public void Write_InAnotherCulture_GivesTheSameText(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo(culture);
        try
        {
            Write_EveryKindOfFact_GivesTheGoldenText();
            Read_GoldenText_GivesTheSameFacts();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [TestMethod]
    public void WriteAndRead_RandomDoubles_ComeBackBitByBit()
    {
        var random = new RandomSource(1);
        var reader = new EventReader("a test");
        for (var i = 0; i < 20_000; i++)
        {
            var number = BitConverter.UInt64BitsToDouble(random.NextUInt64());
            if (double.IsNaN(number)) continue;
            var fact = (TrialReported)reader.Read(EventWriter.Write(new TrialReported(new TrialReport(new TrialId(0), 1, number))));
            Assert.AreEqual(BitConverter.DoubleToInt64Bits(number), BitConverter.DoubleToInt64Bits(fact.Report.Loss));
        }
    }

    [TestMethod]
    public void WriteAndRead_RandomConfigurationsOfAConditionalSpace_ComeBackEqual()
    {
        var space = ((StudyCreated)ExampleJournal.Facts()[0]).Space;
        var reader = new EventReader("a test");
        reader.Read(EventWriter.Write(ExampleJournal.Facts()[0]));
        var random = new RandomSource(2);
        for (var i = 0; i < 2_000; i++)
        {
            var configuration = space.Sample(random);
            var fact = (TrialConfigured)reader.Read(EventWriter.Write(new TrialConfigured(new TrialId(0), configuration)));
            Assert.AreEqual(configuration, fact.Configuration);
        }
    }

    [TestMethod]
    public void Write_TextWithLineBreaks_StaysOneLine()
    {
        var line = EventWriter.Write(new TrialInterrupted(new TrialId(1), "one\ntwo\r\nthree \ud800 half a pair"));
        Assert.DoesNotContain('\n', line);
        Assert.DoesNotContain('\r', line);
        Assert.StartsWith("one\ntwo", ((TrialInterrupted)new EventReader("a test").Read(line)).Reason);
    }

    [TestMethod]
    [DataRow("""{"v":4,"seq":0,"at":"2026-01-01T00:00:00Z","kind":"dream"}""",
        "The study 'x' in 'f.db' was written by a newer AutoTune (schema 4; this one reads up to 3); update the package.")]
    [DataRow("""{"v":1,"seq":7,"at":"2026-01-01T00:00:00Z","kind":"dream"}""",
        "Fact 7 of the study 'x' in 'f.db' is of the kind 'dream', which this AutoTune does not know; update the package to the one that wrote it.")]
    [DataRow("""{"v":1,"seq":7,"at":"2026-01-01T00:00:00Z","kind":"trial-configured","trial":0,"configuration":{"nope":1}}""",
        "Fact 7 of the study 'x' in 'f.db' is damaged: the hyperparameter 'nope' is not in its space; restore it from a copy, or begin a new study.")]
    [DataRow("""{"v":1,"seq":7,"at":"2026-01-01T00:00:00Z","kind":"trial-finished","trial":0,"outcome":"vanished"}""",
        "Fact 7 of the study 'x' in 'f.db' is damaged: the outcome 'vanished' is unknown; restore it from a copy, or begin a new study.")]
    public void Read_TextThatCannotBeRead_SaysWhatAndWhatToDo(string line, string message)
    {
        var error = Assert.ThrowsExactly<JournalException>(() => new EventReader("the study 'x' in 'f.db'").Read(line));
        Assert.AreEqual(message, error.Message);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("nonsense")]
    [DataRow("[1]")]
    [DataRow("null")]
    [DataRow("""{"v":1}""")]
    [DataRow("""{"v":1,"seq":7,"at":"yesterday","kind":"trial-restarted","trial":0}""")]
    [DataRow("""{"v":1,"seq":7,"at":"2026-01-01T00:00:00Z","kind":"trial-restarted"}""")]
    [DataRow("""{"v":1,"seq":7,"at":"2026-01-01T00:00:00Z","kind":"trial-restarted","trial":"0"}""")]
    [DataRow("""{"v":1,"seq":7,"at":"2026-01-01T00:00:00Z","kind":"trial-reported","trial":0,"step":1,"loss":"much"}""")]
    public void Read_DamagedText_ThrowsAJournalException(string line)
    {
        var error = Assert.ThrowsExactly<JournalException>(() => new EventReader("the study 'x' in 'f.db'").Read(line));
        Assert.Contains("of the study 'x' in 'f.db' is damaged", error.Message);
    }

    [TestMethod]
    public void Read_EveryPrefixOfAGoldenLine_ThrowsNothingButAJournalException()
    {
        foreach (var line in Golden.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            for (var length = 0; length < line.Length; length += 7)
                Assert.ThrowsExactly<JournalException>(() => new EventReader("a test").Read(line[..length]));
        }
    }

    private static List<StudyEvent> Read(string text)
    {
        var reader = new EventReader("a test");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(reader.Read)];
    }
}
