using System.Collections.Immutable;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Portfolio;

/// <summary>Whose a trial is where a tuner made of several is itself one of several: its origin is <c>hybrid's member > portfolio's member</c>.</summary>
/// <remarks>
/// What the inner one notes keeps its keys behind the member's name, so that notes of both can stand on one trial. Each member is shown its own trials as it made them; those of others
/// have no origin for it, so that an inner member of the same name takes nobody else's trials for its own.
/// </remarks>
internal static class NestedOrigin
{
    private const string Separator = " > ";
    private static readonly ImmutableSortedDictionary<string, string> NoTags = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public static bool IsOf(string origin, string member)
        => origin == member || (origin.Length > member.Length + Separator.Length && origin.StartsWith(member, StringComparison.Ordinal) && origin.AsSpan(member.Length).StartsWith(Separator));

    /// <summary>Origin and notes of a member's proposal.</summary>
    public static (string Origin, ImmutableSortedDictionary<string, string> Tags) Of(Proposal.Evaluate proposal, string member)
    {
        var tags = proposal.Tags ?? NoTags;
        if (proposal.Origin is not { } inner) return (member, tags);
        var own = NoTags.ToBuilder();
        foreach (var (key, text) in tags) own[member + Separator + key] = text;
        return (member + Separator + inner, own.ToImmutable());
    }

    /// <summary>A trial as a member sees it.</summary>
    public static Trial Within(Trial trial, string member)
    {
        if (!IsOf(trial.Origin, member)) return trial.Origin is "" or "known point" or "user" ? trial : trial with { Origin = "" };
        if (trial.Origin == member) return trial;
        var prefix = member + Separator;
        var own = NoTags.ToBuilder();
        foreach (var (key, text) in trial.Tags)
        {
            if (key.StartsWith(prefix, StringComparison.Ordinal)) own[key[prefix.Length..]] = text;
            else own.TryAdd(key, text); // the scheduler's
        }

        return trial with { Origin = trial.Origin[prefix.Length..], Tags = own.ToImmutable() };
    }

    /// <summary>Trials as a member sees them.</summary>
    public static ImmutableArray<Trial> Within(ImmutableArray<Trial> trials, string member) => [.. trials.Select(trial => Within(trial, member))];
}
