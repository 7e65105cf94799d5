using System.Collections.Immutable;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Populations;

/// <summary>Which configurations are known, and how one is found that is not.</summary>
/// <param name="space">The space.</param>
/// <param name="key">The tuner's name in the tags of its trials.</param>
internal sealed class Novelty(SearchSpace space, string key)
{
    private const int Draws = 60, FreshDraws = 1000;
    private const int PlainDraws = 10;
    private const double Widening = 1.1;
    private readonly HashSet<Configuration> _told = []; // membership only
    private readonly long? _cardinality = space.Cardinality();

    public void Tell(Configuration configuration) => _told.Add(configuration);

    /// <summary>By how much a repeated draw is to be wider than the first, so that it leaves what is known: 0 at first, more than 1 at last.</summary>
    public static double WidthOf(int draw)
    {
        var width = 1.0;
        for (var i = PlainDraws; i < draw; i++) width *= Widening;
        return 0.01 * (width - 1);
    }

    /// <summary>The first draw that is new and meets the constraints; a random configuration where none does.</summary>
    /// <param name="request">The question.</param>
    /// <param name="draw">Draws number n: the configuration, the tuner's note on it, and why it is tried, for people.</param>
    public Proposal.Evaluate Propose(AskRequest request, Func<int, RandomSource, Draft> draw)
    {
        // Nothing new is left: whether one may be tried again, for its noise, is for the study to say.
        if (_cardinality is { } all && _told.Count >= all) return Evaluate(new Draft(space.Sample(request.Random), "", "again, as all have been tried"));
        var pending = new HashSet<Configuration>(); // membership only
        foreach (var trial in request.Pending) pending.Add(trial.Configuration);
        for (var number = 0; number < Draws; number++)
        {
            var drawn = draw(number, request.Random.Fork("draw", number));
            if (IsNew(drawn.Configuration)) return Evaluate(drawn);
        }

        var sample = space.Sample(request.Random);
        for (var number = 1; number < FreshDraws && !IsNew(sample); number++) sample = space.Sample(request.Random);
        return Evaluate(new Draft(sample, "", "random: no other was found that is new and meets the constraints"));

        bool IsNew(Configuration configuration) => !_told.Contains(configuration) && !pending.Contains(configuration) && space.MeetsConstraints(configuration);
    }

    /// <summary>The tuner's note on a trial; null: none.</summary>
    public static string[]? NoteOf(Trial trial, string key) => trial.Tags.TryGetValue(key, out var text) && text.Length > 0 ? text.Split(' ') : null;

    private Proposal.Evaluate Evaluate(Draft draft) => new(draft.Configuration, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
        .Add(key, draft.Note)
        .Add($"{key} reason", draft.Reason));
}

/// <summary>What might be tried next.</summary>
/// <param name="Configuration">The configuration.</param>
/// <param name="Note">What its tuner needs to know when it has ended; empty: nothing.</param>
/// <param name="Reason">Why, for people.</param>
internal readonly record struct Draft(Configuration Configuration, string Note, string Reason);
