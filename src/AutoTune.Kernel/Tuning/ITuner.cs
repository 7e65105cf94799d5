using System.Collections.Immutable;

namespace AutoTune.Tuning;

/// <summary>A search algorithm: proposes configurations and learns from finished trials.</summary>
/// <remarks>
/// <see cref="Ask"/> changes nothing that a later <c>Ask</c> could see; <see cref="Tell"/> is a deterministic fold. So replaying a
/// journal's finished trials restores a tuner. The study never calls the two concurrently. Begin a new tuner by inheriting
/// <c>TunerConformance</c> of AutoTune.Testing.
/// </remarks>
public interface ITuner
{
    /// <summary>What to evaluate next.</summary>
    Proposal Ask(AskRequest request);

    /// <summary>Learns from a trial that completed, was stopped or failed; also from one that this tuner never proposed.</summary>
    void Tell(Trial trial);
}

/// <summary>A question to a tuner.</summary>
/// <param name="Trial">The number that the trial will have.</param>
/// <param name="Budget">How many steps it will have; null: no limit.</param>
/// <param name="Tags">The scheduler's notes.</param>
/// <param name="Pending">Trials that are running, paused or waiting: their results are still to come.</param>
/// <param name="Random">All the randomness that the answer may use; the same for the same trial number.</param>
public sealed record AskRequest(TrialId Trial, int? Budget, ImmutableSortedDictionary<string, string> Tags, ImmutableArray<Trial> Pending, RandomSource Random);

/// <summary>A tuner's answer: <see cref="Evaluate"/>, <see cref="WaitForResults"/> or <see cref="Exhausted"/>.</summary>
public abstract record Proposal
{
    private Proposal() { }

    /// <summary>Evaluate this configuration.</summary>
    /// <param name="Configuration">A configuration of the study's space that meets its constraints.</param>
    /// <param name="Tags">Notes to keep with the trial; null: none.</param>
    public sealed record Evaluate(Configuration Configuration, ImmutableSortedDictionary<string, string>? Tags = null) : Proposal
    {
        /// <summary>Who proposes it, for a tuner made of several; null, the default: the study's tuner. Kept as <see cref="Trial.Origin"/>.</summary>
        public string? Origin { get; init; }
    }

    /// <summary>Ask again when a pending trial has ended.</summary>
    public sealed record WaitForResults : Proposal;

    /// <summary>There is nothing more to try.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Exhausted(string Reason) : Proposal;
}

/// <summary>Makes a tuner for a space; called again when an objective that declares its space adds to it.</summary>
/// <param name="space">What may be varied.</param>
/// <param name="random">Randomness for the whole study, such as a scrambling; the same at every call.</param>
public delegate ITuner TunerFactory(SearchSpace space, RandomSource random);
