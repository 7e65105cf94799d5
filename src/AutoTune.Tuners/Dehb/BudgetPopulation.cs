using AutoTune.Tuners.Populations;

namespace AutoTune.Tuners.Dehb;

/// <summary>The population of one budget: in each of its places the best trial that was evaluated for it.</summary>
/// <remarks>A child takes its target's place where it is no worse: so a place holds the best of its trials, in whatever order they end.</remarks>
internal sealed class BudgetPopulation(int size)
{
    private readonly Individual?[] _places = new Individual?[size];
    private readonly HashSet<Configuration> _tried = [];

    public int Size => size;

    /// <summary>How many trials were told.</summary>
    public int Told { get; private set; }

    public Individual? this[int place] => _places[place];

    /// <summary>Those that have a loss, best first.</summary>
    public IEnumerable<Individual> BestFirst => _places.OfType<Individual>().Where(member => member.Standing.HasLoss).Order();

    public bool HasTried(Configuration configuration) => _tried.Contains(configuration);

    public void Tell(int place, Individual member)
    {
        Told++;
        _tried.Add(member.Configuration);
        if (_places[place] is not { } old || member.Standing.CompareTo(old.Standing) <= 0) _places[place] = member;
    }
}
