using System.Diagnostics;
using System.Globalization;
using AutoTune.Sqlite;

namespace AutoTune.Benchmarks.Readers;

/// <summary>
/// What readers cost a writer. A study writes trials of ten hyperparameters and five reports from two slots, alone, followed by processes, and beside
/// processes that take the processor time that the followers took and read nothing: the share of plain contention for the processors.
/// </summary>
internal static class ReaderMeasurement
{
    private static readonly ManualResetEvent Never = new(false);

    private static readonly Company[][] Orders = Alternate(
        [Company.Nobody],
        [new Company("readers, 10/s", Reads: true, 100), new Company("burners, 10/s", Reads: false, 100)],
        [new Company("readers, 1/s", Reads: true, 1000), new Company("burners, 1/s", Reads: false, 1000)]);

    public static async Task RunAsync(ReaderOptions options, TextWriter output)
    {
        var folder = Directory.CreateTempSubdirectory("autotune-readers-").FullName;
        try
        {
            using var pool = new ReaderPool(options.Readers);
            // Both sides compile what they will run, more than once: a reader that polls ten times a second would be at it for a minute.
            foreach (var load in new[] { "full", "wait-1", "compute-1" }) await MeasureAsync(folder, Load.Parse(load), 3, new Company("warm-up", Reads: true, 7), pool, 0);
            output.WriteLine("Microseconds an append (median, 95 %, 99 %), microseconds of appending a trial, trials a second, milliseconds of processor time the");
            output.WriteLine("processes took a second, largest log in MB: medians over repeats; then the ratios to the same load alone, medians with their range.");
            output.WriteLine();
            output.WriteLine("| load | beside it | median | 95 % | 99 % | a trial | trials/s | ms/s | log | append x | a trial x | trials/s x |");
            output.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
            foreach (var load in options.Loads)
            {
                var rounds = new List<Dictionary<Company, WriterTimes>>();
                for (var repeat = 0; repeat < options.Repeats; repeat++) rounds.Add(await RoundAsync(folder, load, options.Seconds, Orders[repeat % Orders.Length], pool));
                foreach (var company in Orders[0]) output.WriteLine(Row(load, company, rounds));
                output.Flush();
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Company[][] Alternate(params Company[][] groups)
        => [.. Enumerable.Range(0, groups.Length).Select(first => Enumerable.Range(0, groups.Length).SelectMany(i => groups[(first + i) % groups.Length]).ToArray())];

    private static async Task<Dictionary<Company, WriterTimes>> RoundAsync(string folder, Load load, double seconds, Company[] order, ReaderPool pool)
    {
        var times = new Dictionary<Company, WriterTimes>();
        var cost = 0.0;
        foreach (var company in order)
        {
            times[company] = await MeasureAsync(folder, load, seconds, company, pool, cost);
            if (company.Reads) cost = times[company].Use!.Milliseconds / Math.Max(1, times[company].Use!.Polls);
        }

        return times;
    }

    private static async Task<WriterTimes> MeasureAsync(string folder, Load load, double seconds, Company company, ReaderPool pool, double cost)
    {
        var path = Path.Combine(folder, "study.db");
        var trials = load.TrialsIn(seconds);
        TimedJournal? journal = null;
        var result = await new StudyBuilder(ReaderProcess.Study).WithSearchSpace(BenchmarkSpaces.Continuous(10)).WithSeed(1).WithSlots(2).ForTrials(trials)
            .UseJournal(name =>
            {
                journal = new TimedJournal(new SqliteJournal(path, name), path + "-wal", trials * 7 + 1);
                if (company.Period > 0) pool.Begin(company, company.Reads ? path : cost.ToString(CultureInfo.InvariantCulture));
                return journal;
            })
            .RunAsync(trial => Evaluate(trial, load));
        var use = company.Period > 0 ? pool.End() : null;
        if (company.Reads && use!.Facts != result.View.EventCount) throw new InvalidOperationException($"A reader has {use.Facts} of {result.View.EventCount} facts.");
        foreach (var file in Directory.GetFiles(folder)) File.Delete(file);
        return WriterTimes.Of(journal!, trials, use);
    }

    private static double Evaluate(ITrialContext trial, Load load)
    {
        var loss = BenchmarkSpaces.Loss(trial.Configuration);
        var begun = Stopwatch.GetTimestamp();
        if (load is { Computes: false, Milliseconds: > 0 }) Never.WaitOne(load.Milliseconds); // before the first report: shorter ones than a millisecond are none
        for (var step = 1; step <= 5; step++)
        {
            while (load.Computes && Stopwatch.GetElapsedTime(begun).TotalMilliseconds < load.Milliseconds * step / 5.0) Thread.SpinWait(20);
            trial.Report(step, loss + 1.0 / step);
        }

        return loss;
    }

    private static string Row(Load load, Company company, List<Dictionary<Company, WriterTimes>> rounds)
    {
        double Median(Func<WriterTimes, double> figure) => WriterTimes.Quantile([.. rounds.Select(round => figure(round[company]))], 0.5);
        string Ratio(Func<WriterTimes, double> figure)
        {
            var ratios = rounds.Select(round => figure(round[company]) / figure(round[Company.Nobody])).ToList();
            return FormattableString.Invariant($"{WriterTimes.Quantile(ratios, 0.5):f2} ({ratios.Min():f2}-{ratios.Max():f2})");
        }

        return FormattableString.Invariant($"| {load.Name} | {company.Name} | {Median(t => t.Middle):f2} | {Median(t => t.Late):f2} | {Median(t => t.VeryLate):f1} | {Median(t => t.ATrial):f1} ")
            + FormattableString.Invariant($"| {Median(t => t.Throughput):f0} | {Median(t => t.ProcessorShare):f0} | {rounds.Max(round => round[company].LogLength) / 1e6:f1} ")
            + (company.Period == 0 ? "| | | |" : $"| {Ratio(t => t.Middle)} | {Ratio(t => t.ATrial)} | {Ratio(t => t.Throughput)} |");
    }
}
