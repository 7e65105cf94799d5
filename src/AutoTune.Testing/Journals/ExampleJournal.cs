using System.Collections.Immutable;

namespace AutoTune.Testing;

/// <summary>The facts of a small study in which everything happens that can: every kind of fact, hyperparameter and outcome, awkward numbers and texts.</summary>
public static class ExampleJournal
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 9, 30, 0, 123, TimeSpan.FromHours(-3.5));

    /// <summary>The facts, numbered from 0; equal at every call.</summary>
    /// <param name="studyName">The study's name.</param>
    public static ImmutableArray<StudyEvent> Facts(string studyName = "example")
    {
        var space = Declare(withLate: false);
        var late = Declare(withLate: true);
        var boosted = space.Configure(set => set.Set("rate", 0.1 + 0.2).Set("trainer", "boosted \"trees\"").Set("trainer.leaves", 77).Set("depth", 5).Set("depth.share", 5e-324));
        var linear = space.Configure(set => set.Set("rate", 1e-5).Set("trainer", "linéaire ⚙").Set("shift", -0.0).Set("size", "large").Set("bias", true));
        var latest = late.Configure(set => set.Set("rate", 9.999999999999999e-5).Set("late", 3));
        var noTags = ImmutableSortedDictionary<string, string>.Empty;
        var tags = noTags.Add("rung", "0").Add("bracket", "1 of 3\n\"quoted\" \u2028 \\ ü");
        TrialId Trial(int number) => new(number);

        ImmutableArray<StudyEvent> facts =
        [
            new StudyCreated(studyName, long.MinValue + 1, new Goal("R²", IsMaximized: true), space) { Requirements = [new Requirement("MAE", 0.1, IsAtMost: true), new Requirement("ratio", -1e-300, IsAtMost: true)] },
            new TrialStarted(Trial(0), space.Default, null, noTags, "known point"),
            new TrialReported(new TrialReport(Trial(0), 1, 1e308)),
            new TrialReported(new TrialReport(Trial(0), 2, -0.0)),
            new TrialFinished(Trial(0), new TrialOutcome.Completed(-0.1, ImmutableSortedDictionary<string, double>.Empty.Add("MAE", 5e-324).Add("log loss", double.NaN).Add("ratio", double.NegativeInfinity))),
            new TrialStarted(Trial(1), boosted, 9, tags, "random"),
            new TrialReported(new TrialReport(Trial(1), 3, -1.7976931348623157e308)),
            new TrialPaused(Trial(1), 3, "rung 3: waits for its peers"),
            new TrialStarted(Trial(2), linear, 27, noTags, "random"),
            new TrialAttemptFailed(Trial(2), new TrialError("System.IO.IOException", "The pipe is broken.", "line 1\r\nline 2\tand more")),
            new TrialRestarted(Trial(2)),
            new TrialInterrupted(Trial(2), "Ctrl-C"),
            new TrialRestarted(Trial(2)),
            new TrialReported(new TrialReport(Trial(2), 1, 0.30000000000000004)),
            new TrialFinished(Trial(2), new TrialOutcome.Stopped(1, "worse than the median")),
            new TrialResumed(Trial(1), 27, Trial(2)),
            new TrialPaused(Trial(1), 9, "again"),
            new TrialResumed(Trial(1), null, null),
            new TrialFinished(Trial(1), new TrialOutcome.Failed(new TrialError("System.OutOfMemoryException", ""), IsRetryable: true)),
            new HyperparameterDeclared(late.Hyperparameters[^1]),
            new TunerFailed(Trial(3), new TrialError("NotPositiveDefinite", "The kernel's matrix could not be factored.")),
            new TrialStarted(Trial(3), latest, null, noTags, "random"),
            new TrialConfigured(Trial(3), late.Default),
            new TrialFinished(Trial(3), new TrialOutcome.Failed(new TrialError("System.Exception", "no"), IsRetryable: false)),
            new TrialStarted(Trial(4), latest, int.MaxValue, noTags, ""),
            new TrialReported(new TrialReport(Trial(4), 2, 0.5)),
            new TrialPaused(Trial(4), 2, "waits for the others"),
            new TrialResumed(Trial(4), 12, Trial(1), late.Configure(set => set.Set("rate", 1.1e-4).Set("late", 2)), "trial 1 is better: \"0.1\" < 0.5"),
            new TrialStarted(Trial(5), latest, null, noTags, "gradient descent"),
            new TrialFinished(Trial(5), new TrialOutcome.Completed(0.75, ImmutableSortedDictionary<string, double>.Empty.Add("MAE", 0.05).Add("ratio", -1))
            {
                Gradient = ImmutableSortedDictionary<string, double>.Empty.Add("shift", 5e-324).Add("rate", -1.7976931348623157e308).Add("momentum", 0.30000000000000004),
            }),
        ];
        return [.. facts.Select((fact, i) => fact with { Sequence = i, At = Start.AddTicks(i * 1_000_000_007L) })];
    }

    private static SearchSpace Declare(bool withLate)
    {
        var space = new SearchSpaceBuilder();
        space.AddReal("rate", 1e-5, 1, Scale.Log);
        space.AddReal("momentum", 0, 1, step: 0.1, defaultValue: 0.9);
        space.AddReal("shift", -1e308, 1e308);
        var trainer = space.AddCategorical("trainer", ["linéaire ⚙", "boosted \"trees\"", ""]);
        space.AddOrdered("size", ["small", "large"]);
        space.AddBoolean("bias");
        var boosted = space.Nest("trainer", trainer.Is("boosted \"trees\""));
        boosted.AddInteger("leaves", 4, 512, Scale.Log);
        var depth = space.AddInteger("depth", 1, 9, step: 2);
        space.AddReal("depth.share", 5e-324, 1, defaultValue: 0.5, activeWhen: depth.Is(5, 7));
        space.Require("rate is below 0.9", configuration => (double)configuration.Values[0].Value < 0.9);
        if (withLate) space.AddInteger("late", -5, int.MaxValue, defaultValue: -5);
        return space.Build();
    }
}
