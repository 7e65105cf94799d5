namespace AutoTune.Tuners.Dehb;

/// <summary>A member of a population: a point of the unit cube, and how good it is there.</summary>
/// <param name="Configuration">The configuration.</param>
/// <param name="Unit">Its point.</param>
/// <param name="Standing">How good it is at the population's budget.</param>
/// <param name="Trial">Which trial it was.</param>
internal sealed record Member(Configuration Configuration, double[] Unit, Standing Standing, TrialId Trial) : IComparable<Member>
{
    public int CompareTo(Member? other)
    {
        if (other is null) return -1;
        var byStanding = Standing.CompareTo(other.Standing);
        return byStanding != 0 ? byStanding : Trial.CompareTo(other.Trial);
    }
}

/// <summary>The population of one budget: in each of its places the best trial that was evaluated for it.</summary>
/// <remarks>A child takes its target's place where it is no worse: so a place holds the best of its trials, in whatever order they end.</remarks>
internal sealed class BudgetPopulation(int size)
{
    private readonly Member?[] _places = new Member?[size];
    private readonly HashSet<Configuration> _tried = [];

    public int Size => size;

    /// <summary>How many trials were told.</summary>
    public int Told { get; private set; }

    public Member? this[int place] => _places[place];

    /// <summary>Those that have a loss, best first.</summary>
    public IEnumerable<Member> BestFirst => _places.OfType<Member>().Where(member => member.Standing.HasLoss).Order();

    public bool HasTried(Configuration configuration) => _tried.Contains(configuration);

    public void Tell(int place, Member member)
    {
        Told++;
        _tried.Add(member.Configuration);
        if (_places[place] is not { } old || member.Standing.CompareTo(old.Standing) <= 0) _places[place] = member;
    }
}
