using BenchmarkDotNet.Attributes;

namespace AutoTune.Benchmarks;

/// <summary>What readers cost a writer: two slots write as fast as they can while others follow the study, each asking for what is new ten times a second.</summary>
public class ReaderBenchmarks
{
    private const int Trials = 20_000;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);
    private readonly string _folder = Directory.CreateTempSubdirectory("autotune-benchmark-").FullName;
    private int _files;

    [Params(0, 8)]
    public int Readers { get; set; }

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_folder, recursive: true);

    /// <summary>Time by trial.</summary>
    [Benchmark(OperationsPerInvoke = Trials)]
    public async Task<long> TwoSlotsWriting()
    {
        var path = Path.Combine(_folder, $"study-{_files++}.db");
        using var ended = new CancellationTokenSource();
        var readers = Enumerable.Range(0, Readers).Select(_ => FollowAsync(path, ended.Token)).ToArray();
        await new StudyBuilder("followed").WithSearchSpace(BenchmarkSpaces.Continuous(10)).WithSlots(2).ForTrials(Trials).SaveTo(path).RunAsync(trial =>
        {
            var loss = BenchmarkSpaces.Loss(trial.Configuration);
            for (var step = 1; step <= 5; step++) trial.Report(step, loss + 1.0 / step);
            return loss;
        });
        await ended.CancelAsync();
        var read = (await Task.WhenAll(readers)).Sum();
        File.Delete(path);
        return read;
    }

    private static async Task<long> FollowAsync(string path, CancellationToken ended)
    {
        var next = 0L;
        using var timer = new PeriodicTimer(Period);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                if (!File.Exists(path)) continue;
                var file = StudyFile.Open(path);
                if (!file.StudyNames.IsEmpty && file.ReadFacts("followed", next) is { Length: > 0 } news) next = news[^1].Sequence + 1;
            }
        }
        catch (OperationCanceledException)
        {
        }

        return next;
    }
}
