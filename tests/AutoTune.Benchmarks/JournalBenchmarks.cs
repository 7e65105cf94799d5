using System.Collections.Immutable;
using AutoTune.Journals;
using AutoTune.Sqlite;
using BenchmarkDotNet.Attributes;

namespace AutoTune.Benchmarks;

/// <summary>The journal in a file by itself: appending trials of ten hyperparameters and five reports, and reading many of them again.</summary>
[MemoryDiagnoser]
public class JournalBenchmarks
{
    private const int Appended = 20_000, Stored = 100_000;
    private readonly string _folder = Directory.CreateTempSubdirectory("autotune-benchmark-").FullName;
    private ImmutableArray<StudyEvent> _facts;
    private int _files;

    private string StoredFile => Path.Combine(_folder, "stored.db");

    [GlobalSetup]
    public void Setup()
    {
        _facts = Facts(Stored);
        using var journal = new SqliteJournal(StoredFile, "stored");
        foreach (var fact in _facts) journal.Append(fact);
    }

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_folder, recursive: true);

    /// <summary>Time by trial, opening and closing included.</summary>
    [Benchmark(OperationsPerInvoke = Appended)]
    public void AppendTrials()
    {
        var path = Path.Combine(_folder, $"appended-{_files++}.db");
        using (var journal = new SqliteJournal(path, "stored"))
        {
            for (var i = 0; i < Appended * 7 + 1; i++) journal.Append(_facts[i]);
        }

        File.Delete(path);
    }

    /// <summary>The facts of 100,000 trials read.</summary>
    [Benchmark]
    public int ReadFacts() => StudyFile.Open(StoredFile).ReadFacts("stored").Length;

    /// <summary>100,000 trials read and folded: what a program that shows a study does.</summary>
    [Benchmark]
    public StudyView ReadStudy() => StudyFile.Open(StoredFile).Read("stored");

    /// <summary>100,000 trials read, bound to the program's space and folded: what going on with a study does.</summary>
    [Benchmark]
    public long OpenStudy()
    {
        using var study = new StudyBuilder("stored").WithSearchSpace(BenchmarkSpaces.Continuous(10)).SaveTo(StoredFile).Open();
        return study.View.EventCount;
    }

    private static ImmutableArray<StudyEvent> Facts(int trials)
    {
        var space = BenchmarkSpaces.Continuous(10);
        var facts = ImmutableArray.CreateBuilder<StudyEvent>(trials * 7 + 1);
        var random = new RandomSource(1);
        var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        void Add(StudyEvent fact) => facts.Add(fact with { Sequence = facts.Count, At = at.AddMilliseconds(facts.Count) });
        Add(new StudyCreated("stored", 0, new Goal("loss", IsMaximized: false), space));
        for (var i = 0; i < trials; i++)
        {
            var trial = new TrialId(i);
            Add(new TrialStarted(trial, space.Sample(random), null, ImmutableSortedDictionary<string, string>.Empty, "random"));
            for (var step = 1; step <= 5; step++) Add(new TrialReported(new TrialReport(trial, step, random.NextDouble())));
            Add(new TrialFinished(trial, new TrialOutcome.Completed(random.NextDouble(), ImmutableSortedDictionary<string, double>.Empty)));
        }

        return facts.MoveToImmutable();
    }
}
