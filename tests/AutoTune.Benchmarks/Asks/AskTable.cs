using System.Globalization;

namespace AutoTune.Benchmarks.Asks;

/// <summary>What a proposal costs each tuner, as a table: the processor's time, which a busy machine lengthens little, where BenchmarkDotNet measures the clock's.</summary>
/// <remarks>A cell is milliseconds for an ask and a tell in the mean over those after the first ones, refits of models included, and the kilobytes allocated.</remarks>
internal static class AskTable
{
    private const int WarmUp = 20;
    private const int Fewest = 20, Most = 2_000;
    private const double Enough = 300; // milliseconds
    private static readonly int[] Histories = [100, 1_000, 10_000];

    public static void Write(IEnumerable<string> tuners, string space, TextWriter output)
    {
        output.WriteLine($"{space}: milliseconds of processor time for an ask and a tell, and kilobytes allocated, after so many trials");
        output.WriteLine($"| tuner | {string.Join(" | ", Histories.Select(history => history.ToString("N0", CultureInfo.InvariantCulture)))} |");
        output.WriteLine($"|---|{string.Concat(Histories.Select(_ => "---|"))}");
        var studies = Histories.Select(history => new AskedStudy(space, history)).ToList();
        foreach (var tuner in tuners)
        {
            output.Write($"| {tuner} |");
            foreach (var study in studies) output.Write($" {Cell(study, tuner)} |");
            output.WriteLine();
        }
    }

    /// <summary>The time of a whole search by the tuner alone, without a study.</summary>
    public static void WriteSearch(string tuner, string space, int trials, TextWriter output)
    {
        double[] times = [.. Enumerable.Range(0, 3).Select(_ => Search(tuner, space, trials)).Order()];
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tuner}, {space}, {trials} trials in all: {times[1]:0} ms (the middle one of three runs in one process)"));
    }

    private static double Search(string tuner, string space, int trials)
    {
        using var study = AskedStudy.Tuners.First(known => known.Name == tuner).Use(new StudyBuilder("search").WithSearchSpace(BenchmarkSpaces.Of(space)).ForTrials(trials)).Open();
        var begin = Now();
        for (var i = 0; i < trials; i++) AskedStudy.Step(study);
        return Now() - begin;
    }

    private static string Cell(AskedStudy history, string tuner)
    {
        using var study = history.Open(tuner);
        for (var i = 0; i < WarmUp; i++) AskedStudy.Step(study);
        var (begin, allocated, steps) = (Now(), GC.GetAllocatedBytesForCurrentThread(), 0);
        while (steps < Fewest || (steps < Most && Now() - begin < Enough))
        {
            AskedStudy.Step(study);
            steps++;
        }

        var time = (Now() - begin) / steps;
        var kilobytes = (GC.GetAllocatedBytesForCurrentThread() - allocated) / 1024.0 / steps;
        return string.Create(CultureInfo.InvariantCulture, $"{time.ToString(time < 10 ? "G2" : "F0", CultureInfo.InvariantCulture)} / {kilobytes:F0}");
    }

    private static double Now() => Environment.CpuUsage.TotalTime.TotalMilliseconds;
}
