namespace AutoTune.Benchmarks.Readers;

/// <summary>What appending took in one study.</summary>
/// <param name="Middle">Microseconds of an append, the median.</param>
/// <param name="Late">The 95 % quantile.</param>
/// <param name="VeryLate">The 99 % quantile.</param>
/// <param name="ATrial">Microseconds of all appends by trial.</param>
/// <param name="Throughput">Trials a second.</param>
/// <param name="ProcessorShare">Milliseconds of processor time that the processes beside it took a second.</param>
/// <param name="LogLength">Bytes of the database's log.</param>
/// <param name="Use">What the processes beside it did; null if there were none.</param>
internal sealed record WriterTimes(
    double Middle, double Late, double VeryLate, double ATrial, double Throughput, double ProcessorShare, long LogLength, PoolUse? Use)
{
    public static WriterTimes Of(TimedJournal journal, int trials, PoolUse? use)
    {
        var appends = journal.Microseconds;
        var seconds = journal.Time.TotalSeconds;
        return new WriterTimes(Quantile(appends, 0.5), Quantile(appends, 0.95), Quantile(appends, 0.99), appends.Sum() / trials, trials / seconds,
            (use?.Milliseconds ?? 0) / seconds, journal.LogLength, use);
    }

    public static double Quantile(IReadOnlyList<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)Math.Min(sorted.Length - 1, share * sorted.Length)];
    }
}
