using System.Diagnostics;
using System.Globalization;

namespace AutoTune.Benchmarks.Readers;

/// <summary>A process beside the writer that does one of two things again and again, as it is told line by line: it follows a study, or it only takes processor time.</summary>
/// <remarks>
/// <c>follow PERIOD DELAY FILE</c> reads the new facts of the study each PERIOD milliseconds, for the first time after DELAY; <c>burn PERIOD DELAY COST</c> instead
/// takes COST milliseconds of processor time. <c>stop</c> ends it and is answered with <c>POLLS COST FACTS</c>: how often, how many milliseconds
/// of processor time in all, and how many facts were read, those of a last reading after the end included.
/// </remarks>
internal static class ReaderProcess
{
    public const string Study = "followed";

    public static void Run(TextReader input, TextWriter output)
    {
        while (input.ReadLine() is { } line)
        {
            var words = line.Split(' ', 4);
            var (period, delay) = (Milliseconds(words[1]), Milliseconds(words[2]));
            var follower = words[0] == "follow" ? new Follower(words[3]) : null;
            var cost = follower is null ? Milliseconds(words[3]) : default;
            using var stopped = new ManualResetEventSlim();
            var (polls, used) = (0, TimeSpan.Zero);
            var thread = new Thread(() => (polls, used) = Repeat(follower is null ? () => Burn(cost) : follower.Read, period, delay, stopped));
            thread.Start();
            input.ReadLine(); // stop
            stopped.Set();
            thread.Join();
            follower?.Read();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{polls} {used.TotalMilliseconds} {follower?.Facts ?? 0}"));
        }
    }

    private static TimeSpan Milliseconds(string text) => TimeSpan.FromMilliseconds(double.Parse(text, CultureInfo.InvariantCulture));

    /// <returns>How often, and the processor time of the whole process meanwhile: its garbage collection is part of the price.</returns>
    private static (int Polls, TimeSpan Used) Repeat(Action poll, TimeSpan period, TimeSpan delay, ManualResetEventSlim stopped)
    {
        var before = Environment.CpuUsage.TotalTime;
        var begun = Stopwatch.GetTimestamp();
        var polls = 0;
        for (var due = delay; ; due += period)
        {
            var wait = due - Stopwatch.GetElapsedTime(begun);
            if (wait < TimeSpan.Zero) continue; // late: a poll is left out, as a timer does
            if (stopped.Wait(wait)) return (polls, Environment.CpuUsage.TotalTime - before);
            poll();
            polls++;
        }
    }

    private static void Burn(TimeSpan cost)
    {
        var until = Environment.CpuUsage.TotalTime + cost;
        while (Environment.CpuUsage.TotalTime < until) Thread.SpinWait(20);
    }

    private sealed class Follower(string path)
    {
        private StudyFile? _file;

        public long Facts { get; private set; }

        public void Read()
        {
            if (_file is null)
            {
                var file = StudyFile.Open(path);
                if (file.StudyNames.IsEmpty) return;
                _file = file;
            }

            if (_file.ReadFacts(Study, Facts) is { Length: > 0 } news) Facts = news[^1].Sequence + 1;
        }
    }
}
