using System.Collections.Immutable;
using System.Globalization;
using AutoTune.Scheduling;
using AutoTune.Tuners.DifferentialEvolution;
using AutoTune.Tuners.Populations;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Dehb;

/// <summary>Differential evolution over the budgets of Hyperband (Awad and others 2021).</summary>
/// <remarks>
/// <code>
/// first bracket     a random population at the lowest budget; the best of each budget are evaluated again at the next
/// later brackets    child = target where a coin of p says so, else mutant, in one coordinate always the mutant
///                   mutant = r1 + F (r2 - r3)                                                                 (rand/1/bin)
///                   target: the places of the budget's population in turn
///                   r1..r3: the population where the bracket begins at this budget, else the best of the budget below, as many as come up
/// sizes             the most trials that any bracket brings to the budget
/// </code>
/// The step is <see cref="DifferentialStep"/>'s. Where fewer than three parents are there, some of all budgets' members help out, then random points. A place that nobody has taken yet holds a random
/// point of its own. The scheduler's tags say bracket and rung; trials without them count at the largest budget. Not thread-safe.
/// </remarks>
internal sealed class DehbTuner : ITuner
{
    private const int FreshDraws = 100;
    private const int LeastParents = 3, FilledParents = 4; // rand/1 needs three; filled up to one more, as the authors' program does
    private const string Bracket = "bracket", Rung = "rung", Place = "place";
    private readonly SearchSpace _space;
    private readonly HyperbandBrackets _brackets;
    private readonly DehbOptions _options;
    private readonly RandomSource _random;
    private readonly BudgetPopulation[] _populations;

    public DehbTuner(SearchSpace space, HyperbandBrackets brackets, DehbOptions options, RandomSource random)
    {
        (_space, _brackets, _options, _random) = (space, brackets, options.Validated(), random.Fork("DEHB"));
        _populations = new BudgetPopulation[brackets.Budgets.Length];
        for (var rung = 0; rung < _populations.Length; rung++)
            _populations[rung] = new BudgetPopulation(Enumerable.Range(0, rung + 1).Max(first => brackets.Sizes(first)[rung - first]));
    }

    public void Tell(Trial trial)
    {
        var population = _populations[RungOf(trial.Tags)];
        var place = Number(trial.Tags, Place) ?? trial.Id.Number;
        population.Tell(place % population.Size, Individual.Of(trial, _space));
    }

    public Proposal Ask(AskRequest request)
    {
        var rung = RungOf(request.Tags);
        var peers = request.Pending.Where(trial => RungOf(trial.Tags) == rung).ToList();
        var place = (_populations[rung].Told + peers.Count) % _populations[rung].Size;
        var tags = request.Tags.SetItem(Place, place.ToString(CultureInfo.InvariantCulture));
        if (request.Tags.ContainsKey(Rung) && Number(request.Tags, Bracket) is null or 0)
        {
            if (Promoted(rung, peers) is { } promoted) return new Proposal.Evaluate(promoted, tags);
            return new Proposal.Evaluate(Fresh(rung, peers, request, () => _space.Sample(request.Random)), tags);
        }

        var parents = Parents(rung, request);
        return new Proposal.Evaluate(Fresh(rung, peers, request, () => _space.Encoding.Decode(Child(rung, place, parents, request.Random))), tags);
    }

    // The best of the next lower budget that has any, of those that have not come up yet.
    private Configuration? Promoted(int rung, List<Trial> peers)
    {
        for (var below = rung - 1; below >= 0; below--)
        {
            foreach (var member in _populations[below].BestFirst)
            {
                if (!_populations[rung].HasTried(member.Configuration) && !peers.Exists(peer => peer.Configuration.Equals(member.Configuration))) return member.Configuration;
            }
        }

        return null;
    }

    private Configuration Fresh(int rung, List<Trial> peers, AskRequest request, Func<Configuration> draw)
    {
        for (var i = 0; i < FreshDraws; i++)
        {
            var drawn = draw();
            if (_space.MeetsConstraints(drawn) && !_populations[rung].HasTried(drawn) && !peers.Exists(peer => peer.Configuration.Equals(drawn))) return drawn;
        }

        return _space.Sample(request.Random);
    }

    private List<Individual> Parents(int rung, AskRequest request)
    {
        var first = Number(request.Tags, Bracket) is { } bracket ? _brackets.FirstRung(bracket) : rung;
        List<Individual> parents = first >= rung
            ? [.. _populations[rung].BestFirst]
            : [.. _populations[rung - 1].BestFirst.Take(_brackets.Sizes(first)[rung - first])];
        if (parents.Count >= LeastParents) return parents;
        // Only as many as are missing: among all of the others the few best would hardly ever be drawn.
        List<Individual> others = [.. _populations.SelectMany(population => population.BestFirst).Where(other => !parents.Exists(parent => parent.Configuration.Equals(other.Configuration)))];
        for (; parents.Count < FilledParents && others.Count > 0; others.RemoveAt(others.Count - 1))
        {
            var at = request.Random.NextInt(others.Count);
            parents.Add(others[at]);
            others[at] = others[^1];
        }

        while (parents.Count < LeastParents) parents.Add(AnyPoint(request.Random));
        return parents;
    }

    private double[] Child(int rung, int place, List<Individual> parents, RandomSource random)
    {
        var target = _populations[rung][place] ?? AnyPoint(_random.Fork("place", rung).Fork("place", place));
        var r1 = random.NextInt(parents.Count);
        int r2, r3;
        do r2 = random.NextInt(parents.Count); while (r2 == r1);
        do r3 = random.NextInt(parents.Count); while (r3 == r1 || r3 == r2);
        var child = DifferentialStep.Rand1(_space, parents[r1], parents[r2], parents[r3], _options.DifferentialWeight, random);
        DifferentialStep.Cross(target, child, _options.CrossoverRate, random);
        return child;
    }

    private Individual AnyPoint(RandomSource random) => Individual.Of(_space.Sample(random), Standing.None, new TrialId(int.MaxValue), _space);

    private int RungOf(ImmutableSortedDictionary<string, string> tags) => Math.Min(Number(tags, Rung) ?? int.MaxValue, _populations.Length - 1);

    private static int? Number(ImmutableSortedDictionary<string, string> tags, string tag)
        => tags.TryGetValue(tag, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
