namespace AutoTune.Faults;

/// <summary>Kills a study at random moments and runs it again, until it ends; then the next one.</summary>
internal sealed class KillFault(string folder, string name, Behaviour behaviour, int trials, int slots, RandomSource random)
{
    public FaultRow Run(int kills)
    {
        // The same study undisturbed: what the others must come to, and how long they take.
        var whole = new Series(folder, Task("whole"));
        var undisturbed = whole.Run();
        if (undisturbed.Ended is null) return new FaultRow(0, 1, 0, 0, false, "FAILED: the undisturbed study did not end");
        var expected = Facts("whole");

        var (killed, studies, lost, doubled, differ) = (0, 0, 0, 0, 0);
        while (killed < kills)
        {
            var series = new Series(folder, Task($"{studies}"));
            Attempt attempt;
            do
            {
                attempt = series.Run(killed + series.Deaths < kills ? undisturbed.Time * random.NextDouble() : null);
                if (attempt is { Ended: null, WasKilled: false }) return new FaultRow(killed, studies, lost, doubled, false, $"FAILED: a child ended by itself; {attempt.Refused}");
            }
            while (attempt.Ended is null && series.Deaths < kills);
            if (attempt.Ended is null) attempt = series.Run();
            (killed, studies, lost, doubled) = (killed + series.Deaths, studies + 1, lost + series.Lost, doubled + series.Doubled);
            if (series.View.CompletedCount != trials || (slots == 1 && !Facts($"{studies - 1}").SequenceEqual(expected))) differ++;
        }

        return new FaultRow(killed, studies, lost, doubled, differ == 0, differ > 0 ? $"FAILED: {differ} studies did not end as the undisturbed one"
            : slots == 1 ? $"all resumed to {trials} trials; every journal equals the undisturbed one" : $"all resumed to {trials} trials");
    }

    private ChildTask Task(string file) => new($"{name}-{file}.db", behaviour, trials, slots);

    private List<string> Facts(string file) => Uninterrupted.Of(StudyFile.Open(Path.Combine(folder, Task(file).File)).ReadFacts(Child.Study));
}
