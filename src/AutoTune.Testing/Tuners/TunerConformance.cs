using System.Collections.Immutable;
using System.Globalization;
using AutoTune.Tuning;

namespace AutoTune.Testing;

/// <summary>The laws of <see cref="ITuner"/>. Inherit, say how one is made, and run each of <see cref="Laws"/> as a test.</summary>
public abstract class TunerConformance
{
    /// <summary>Makes the tuner.</summary>
    /// <param name="space">The space.</param>
    /// <param name="random">Randomness for the whole study, as in <see cref="TunerFactory"/>.</param>
    protected abstract ITuner Create(SearchSpace space, RandomSource random);

    /// <summary>How many trials a law runs on a space: enough for the tuner to leave its first, perhaps random, ones. 25 by default.</summary>
    protected virtual int TrialsPerSpace => 25;

    /// <summary>Whether completed trials tell their gradient by the real hyperparameters (<see cref="TrialOutcome.Completed.Gradient"/>). False by default.</summary>
    protected virtual bool ReportsGradients => false;

    /// <summary>The laws, each with its check.</summary>
    public IEnumerable<Law> Laws()
    {
        foreach (var (name, space) in SpaceZoo.All)
        {
            yield return Law.Of($"Proposals are of the space and meet its constraints: {name}", () => Drive(space).Run(TrialsPerSpace));
            yield return Law.Of($"Running, paused and waiting trials are taken: {name}", () => PendingAreTaken(space));
        }

        foreach (var (name, space) in new[] { ("continuous", SpaceZoo.Continuous), ("everything", SpaceZoo.Everything), ("tiny", SpaceZoo.Tiny) })
        {
            yield return Law.Of($"The same seed gives the same proposals: {name}", () => DemandSame(Proposals(space), Proposals(space), "a second tuner of the same seed"));
            yield return Law.Of($"Asking changes nothing: {name}", () => AskingChangesNothing(space));
            yield return Law.Of($"Telling finished trials again restores a tuner: {name}", () => ReplayRestores(space));
            yield return Law.Of($"Proposals do not depend on the culture: {name}", () => CultureDoesNotMatter(space));
            yield return Law.Of($"Trials of any outcome and origin are taken: {name}", () => AnyOutcomeIsTaken(space));
            foreach (var (losses, loss) in AwkwardLosses)
                yield return Law.Of($"Losses are taken that are {losses}: {name}", () => new TunerDriver(Create, space, ReportsGradients) { LossOf = loss }.Run(TrialsPerSpace));
        }

        yield return Law.Of("Two hundred hyperparameters are taken", () => Drive(SpaceZoo.Wide).Run(Math.Min(TrialsPerSpace, 16)));
        yield return Law.Of("A space of one point is taken, whatever comes of it", OnePointIsTaken);
        yield return Law.Of("Sixty-four pending trials on a continuum are taken, and none is proposed again", () => PendingAreNotRepeated(12, 64));
        yield return Law.Of("Sixty-four pending trials are taken: everything", () => ManyPendingAreTaken(SpaceZoo.Everything));
        yield return Law.Of("Pending trials on a continuum are not proposed again", () => PendingAreNotRepeated(TrialsPerSpace, 6));
        yield return Law.Of("A tuner waits only while something is pending, and says why it has had enough", WaitsOnlyForPending);
    }

    private static IEnumerable<(string Name, Func<int, double> Loss)> AwkwardLosses =>
    [
        ("all equal", _ => 3),
        ("huge", trial => 1e30 * (1 + trial)),
        ("hugely negative", trial => -1e30 * (1 + trial)),
        ("of both extremes", trial => trial % 2 == 0 ? double.MaxValue : -double.MaxValue),
        ("tiny", trial => trial % 2 == 0 ? double.Epsilon : 0),
        ("of the order of 1e300", trial => 1e300 * (1 + trial % 7)),
        ("of the order of 1e-300", trial => 1e-300 * (1 + trial % 7)),
        ("good but for one outlier", trial => trial == 5 ? 1e30 : trial),
    ];

    private TunerDriver Drive(SearchSpace space) => new(Create, space, ReportsGradients);

    private List<string> Proposals(SearchSpace space) => Drive(space).Run(TrialsPerSpace);

    private void AskingChangesNothing(SearchSpace space)
    {
        var expected = Proposals(space);
        var often = Drive(space);
        often.BeforeAsk = (tuner, request) =>
        {
            // Other questions first, then the very question.
            for (var i = 1; i <= 2; i++)
                tuner.Ask(request with { Trial = new TrialId(request.Trial.Number + i), Budget = i, Random = new RandomSource(1000 + i), Pending = [] });
            tuner.Ask(request with { Random = TunerDriver.RandomOf(request.Trial) });
        };
        DemandSame(expected, often.Run(TrialsPerSpace), "a tuner that was asked other questions too");
    }

    private void ReplayRestores(SearchSpace space)
    {
        var driver = Drive(space);
        for (var i = 0; i < TrialsPerSpace; i++)
        {
            if (!driver.Step()) return;
            if (i % 4 != 0) continue;
            var restored = Create(space, TunerDriver.StudyRandom);
            foreach (var trial in driver.Told) restored.Tell(trial);
            DemandSame([driver.Propose(driver.Tuner)], [driver.Propose(restored)], $"a tuner that was told the {driver.Told.Count} finished trials anew");
        }
    }

    private void CultureDoesNotMatter(SearchSpace space)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            var expected = Proposals(space);
            foreach (var culture in new[] { "tr-TR", "de-DE" })
            {
                CultureInfo.CurrentCulture = new CultureInfo(culture);
                DemandSame(expected, Proposals(space), $"a tuner in the culture {culture}");
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private void AnyOutcomeIsTaken(SearchSpace space)
    {
        var driver = Drive(space);
        var random = new RandomSource(7);
        for (var i = 0; i < TrialsPerSpace; i++)
        {
            // Half of the trials are somebody else's: known points, random ones, those of an earlier study.
            var foreign = i % 2 == 0 ? space.Sample(random) : null;
            if (!driver.Step(foreign, (i % 6) switch
            {
                0 => TrialState.Completed,
                1 => TrialState.Stopped,
                2 => TrialState.Failed,
                3 => TrialState.Completed,
                _ => TrialState.Failed,
            })) return;
        }

        // And only failures, from the first trial on.
        var unlucky = Drive(space);
        for (var i = 0; i < TrialsPerSpace && unlucky.Step(null, TrialState.Failed); i++) { }
    }

    private void PendingAreTaken(SearchSpace space)
    {
        var driver = Drive(space);
        for (var i = 0; i < 6; i++)
        {
            if (!driver.Step()) return;
        }

        // Nine proposals without a result in between.
        for (var i = 0; i < 9; i++)
        {
            if (!driver.Start((i % 3) switch { 0 => TrialState.Running, 1 => TrialState.Paused, _ => TrialState.Waiting })) return;
        }

        driver.FinishPending();
        driver.Step();
    }

    private void ManyPendingAreTaken(SearchSpace space)
    {
        var driver = Drive(space);
        for (var i = 0; i < 12 && driver.Step(); i++) { }
        for (var i = 0; i < 64 && driver.Start(TrialState.Running); i++) { }
        driver.FinishPending();
        driver.Step();
    }

    private void OnePointIsTaken()
    {
        foreach (var outcome in new[] { TrialState.Completed, TrialState.Failed, TrialState.Stopped })
        {
            var driver = Drive(SpaceZoo.OnePoint);
            for (var i = 0; i < 12 && driver.Step(null, outcome); i++) { }
            for (var i = 0; i < 4 && driver.Start(TrialState.Running); i++) { }
            driver.FinishPending();
            driver.Step();
        }
    }

    private void PendingAreNotRepeated(int finished, int pending)
    {
        var driver = Drive(SpaceZoo.Continuous);
        for (var i = 0; i < finished; i++) driver.Step();
        for (var i = 0; i < pending && driver.Start(TrialState.Running); i++) { }
        var twice = driver.Pending.GroupBy(trial => trial.Configuration).FirstOrDefault(group => group.Count() > 1);
        Demand.That(twice is null, $"({twice?.Key}) was proposed {twice?.Count()} times while it was running.");
    }

    private void WaitsOnlyForPending()
    {
        foreach (var space in new[] { SpaceZoo.Tiny, SearchSpace.Empty, SpaceZoo.Continuous })
        {
            // The driver checks each answer; here are more trials than a tiny space has configurations.
            Drive(space).Run(TrialsPerSpace);
            var pending = Drive(space);
            for (var i = 0; i < 12 && pending.Start(TrialState.Running); i++) { }
            pending.FinishPending();
            pending.Step();
        }
    }

    private static void DemandSame(List<string> expected, List<string> actual, string who)
    {
        for (var i = 0; i < Math.Max(expected.Count, actual.Count); i++)
        {
            var (one, other) = (expected.ElementAtOrDefault(i) ?? "nothing", actual.ElementAtOrDefault(i) ?? "nothing");
            Demand.That(one == other, $"Proposal {i} was ({one}), but ({other}) by {who}.");
        }
    }
}
