using System.Globalization;
using AutoTune.Journals;
using AutoTune.Scheduling;

namespace AutoTune.Testing;

/// <summary>The laws of <see cref="IScheduler"/>. Inherit, say how one is made, and run each of <see cref="Laws"/> as a test.</summary>
/// <remarks>Whole studies are run in virtual time, and every answer of the scheduler is looked at.</remarks>
public abstract class SchedulerConformance
{
    private static readonly SearchSpaceBuilder Builder = new();
    private static readonly Hyperparameter<double> X = Builder.AddReal("x", 0, 1);
    private static readonly SearchSpace Space = Builder.Require("x is at most 0.98", configuration => configuration.Get(X) <= 0.98).Build();

    /// <summary>Makes the scheduler.</summary>
    /// <param name="random">Randomness for the whole study, as in <see cref="SchedulerFactory"/>.</param>
    protected abstract IScheduler Create(RandomSource random);

    /// <summary>How many steps a trial has that nobody stops; 27 by default.</summary>
    protected virtual int Steps => 27;

    /// <summary>How many trials a study starts; 30 by default.</summary>
    protected virtual int Trials => 30;

    /// <summary>The laws, each with its check.</summary>
    public IEnumerable<Law> Laws()
    {
        foreach (var slots in new[] { 1, 4 })
        {
            foreach (var (name, value) in Objectives)
            {
                yield return Law.Of(Text($"Orders and judgements are sound, pure and a fold of the facts: {name}, {slots} slots"), () => AnswersAreSound(value, slots));
            }

            yield return Law.Of(Text($"Every study ends with all trials ended or paused: {slots} slots"), () => EveryStudyEnds(slots));
            yield return Law.Of(Text($"The same seed gives the same journal: {slots} slots"), () => SameSeedSameJournal(slots));
        }

        yield return Law.Of("A study that was cut off goes on as if it had not been", CutOffGoesOn);
        yield return Law.Of("Answers do not depend on the culture", CultureDoesNotMatter);
    }

    // The value after a step of a step count; null: the trial never reports. Throwing fails the trial.
    private static IEnumerable<(string Name, Func<double, int, double?> Value)> Objectives =>
    [
        ("better with each step", (x, step) => x + 1.0 / step),
        ("curves that cross", (x, step) => x < 0.5 ? x + 3.0 / step : x),
        ("constant", (_, _) => 1),
        ("huge", (x, step) => (x < 0.5 ? 1 : -1) * 1e300 * step),
        ("no reports", (_, _) => null),
        ("failing now and then", (x, step) => x > 0.7 && step == 2 ? throw new NotSupportedException("This was to be expected.") : x),
        ("failing at once, mostly", (x, _) => x > 0.2 ? throw new NotSupportedException("This was to be expected.") : x),
    ];

    private async Task AnswersAreSound(Func<double, int, double?> value, int slots)
    {
        WatchedScheduler? watched = null;
        await Run(value, slots, random => watched = new WatchedScheduler(() => Create(random.Fork("scheduler")))).ConfigureAwait(false);
        Demand.That(watched!.Broken is null, $"{watched.Broken}.");
    }

    private async Task EveryStudyEnds(int slots)
    {
        foreach (var (name, value) in Objectives)
        {
            var view = await Run(value, slots, Create).ConfigureAwait(false);
            Demand.That(view.Running.IsEmpty && view.Waiting.IsEmpty, $"At the end of '{name}' {view.Running.Count} trials are running and {view.Waiting.Count} waiting.");
            Demand.That(view.Trials.Count > 0, $"In '{name}' no trial was started.");
        }
    }

    private async Task SameSeedSameJournal(int slots)
    {
        var first = await Facts(slots).ConfigureAwait(false);
        var second = await Facts(slots).ConfigureAwait(false);
        DemandSame(first, second, "at the second run");
    }

    private async Task CutOffGoesOn()
    {
        var whole = await Facts(slots: 1).ConfigureAwait(false);
        // Cut where nothing runs: a trial found running would be evaluated again, and the journal would say so.
        var view = new List<StudyEvent>();
        var cuts = new List<int>();
        foreach (var fact in whole.Journal)
        {
            view.Add(fact);
            if (view.Count > 1 && StudyView.Of(view).Running.IsEmpty) cuts.Add(view.Count);
        }

        foreach (var cut in cuts.Where((_, i) => i % Math.Max(1, cuts.Count / 8) == 0))
        {
            var rest = await Facts(slots: 1, whole.Journal.Take(cut)).ConfigureAwait(false);
            DemandSame(whole, rest, Text($"when it was cut off after fact {cut - 1}"));
        }
    }

    private async Task CultureDoesNotMatter()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            var expected = await Facts(slots: 4).ConfigureAwait(false);
            foreach (var culture in new[] { "tr-TR", "de-DE" })
            {
                CultureInfo.CurrentCulture = new CultureInfo(culture);
                DemandSame(expected, await Facts(slots: 4).ConfigureAwait(false), $"in the culture {culture}");
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private async Task<LastingJournal> Facts(int slots, IEnumerable<StudyEvent>? earlier = null)
    {
        var journal = new LastingJournal(earlier ?? []);
        await Run(Objectives.First().Value, slots, Create, journal).ConfigureAwait(false);
        return journal;
    }

    private async Task<StudyView> Run(Func<double, int, double?> value, int slots, SchedulerFactory scheduler, IJournal? journal = null)
    {
        var study = new StudyBuilder("scheduler conformance").WithSearchSpace(Space).Minimize("loss").WithSeed(3).ForTrials(Trials)
            .RetryFailures(1).StopAfterFailuresInARow(int.MaxValue)
            .UseScheduler(scheduler).UseJournal(_ => journal ?? new MemoryJournal())
            .UseVirtualTime(new VirtualTime(), slots, (configuration, _) => TimeSpan.FromSeconds(1 + Math.Round(9 * configuration.Get(X))));
        try
        {
            return (await study.RunAsync(trial => Evaluate(trial, value), CancellationToken.None).ConfigureAwait(false)).View;
        }
        catch (StudyFailedException failed)
        {
            return failed.View; // the objective's doing, not the scheduler's
        }
    }

    private double Evaluate(ITrialContext trial, Func<double, int, double?> value)
    {
        var x = trial.Configuration.Get(X);
        var last = x;
        for (var step = trial.ResumeAfterStep + 1; step <= Math.Min(trial.Budget ?? Steps, Steps); step++)
        {
            if (value(x, step) is not { } now) continue;
            last = now;
            if (!trial.Report(step, now).IsContinue) break;
        }

        return last;
    }

    private static void DemandSame(LastingJournal expected, LastingJournal actual, string when)
    {
        for (var i = 0; i < Math.Max(expected.Journal.Count, actual.Journal.Count); i++)
        {
            // Times aside: a study that goes on later has later ones.
            var one = i < expected.Journal.Count ? EventWriter.Write(expected.Journal[i] with { At = default }) : "nothing";
            var other = i < actual.Journal.Count ? EventWriter.Write(actual.Journal[i] with { At = default }) : "nothing";
            Demand.That(one == other, $"Fact {i} was {one}, but {other} {when}.");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>A journal that can be read when its study has closed it.</summary>
    private sealed class LastingJournal(IEnumerable<StudyEvent> earlier) : IJournal
    {
        public List<StudyEvent> Journal { get; } = [.. earlier];

        public void Append(StudyEvent studyEvent)
        {
            lock (Journal) Journal.Add(studyEvent);
        }

        public IEnumerable<StudyEvent> Read(long fromSequence = 0)
        {
            lock (Journal) return [.. Journal.Skip((int)fromSequence)];
        }

        public void Dispose() { }
    }
}
