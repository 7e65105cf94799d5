using System.Collections.Immutable;

namespace AutoTune;

/// <summary>
/// Declares hyperparameters and builds a <see cref="SearchSpace"/>. Each <c>Add</c> gives a typed handle with which a configuration is read.
/// </summary>
/// <remarks>Problems are gathered and reported all at once by <see cref="Build"/>. Not thread-safe.</remarks>
public sealed class SearchSpaceBuilder
{
    private readonly Declarations _declarations;
    private readonly string _prefix;
    private readonly ImmutableArray<Condition> _nests; // from the outside in

    /// <summary>An empty space.</summary>
    public SearchSpaceBuilder() : this(new Declarations(), "", []) { }

    private SearchSpaceBuilder(Declarations declarations, string prefix, ImmutableArray<Condition> nests)
    {
        _declarations = declarations;
        _prefix = prefix;
        _nests = nests;
    }

    /// <summary>A builder into the same space whose names get a prefix and whose hyperparameters exist only under a condition.</summary>
    /// <param name="name">The prefix; a point is put behind it.</param>
    /// <param name="activeWhen">
    /// The condition of all that is added there; null: as here. Within a conditional nest, conditions are on hyperparameters of that nest.
    /// </param>
    public SearchSpaceBuilder Nest(string name, Condition? activeWhen = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new SearchSpaceBuilder(_declarations, $"{_prefix}{name}.", activeWhen is null ? _nests : _nests.Add(activeWhen));
    }

    /// <summary>Adds real numbers from <paramref name="low"/> to <paramref name="high"/>, both reachable.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="low">The smallest value.</param>
    /// <param name="high">The largest value.</param>
    /// <param name="scale">Linear, or log for what works by factors.</param>
    /// <param name="step">The distance between values; null for a continuum.</param>
    /// <param name="defaultValue">The value to assume if nothing is known; null: the middle of the range on its scale.</param>
    /// <param name="activeWhen">When it exists, such as <c>trainer.Is("sdca")</c>; null: always.</param>
    public Hyperparameter<double> AddReal(string name, double low, double high, Scale scale = Scale.Linear, double? step = null,
        double? defaultValue = null, Condition? activeWhen = null)
        => Add<double>(name, new RealDomain(low, high, scale, step), defaultValue, activeWhen);

    /// <summary>Adds whole numbers from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="low">The smallest value.</param>
    /// <param name="high">The largest value.</param>
    /// <param name="scale">Linear, or log for sizes and counts.</param>
    /// <param name="step">The distance between values.</param>
    /// <param name="defaultValue">The value to assume if nothing is known; null: the middle of the range on its scale.</param>
    /// <param name="activeWhen">When it exists; null: always.</param>
    public Hyperparameter<int> AddInteger(string name, int low, int high, Scale scale = Scale.Linear, int step = 1,
        int? defaultValue = null, Condition? activeWhen = null)
        => Add<int>(name, new IntegerDomain(low, high, scale, step), defaultValue, activeWhen);

    /// <summary>Adds a choice without order; the first choice is the default.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="choices">What to choose from, told apart by their text.</param>
    /// <param name="activeWhen">When it exists; null: always.</param>
    public Hyperparameter<T> AddCategorical<T>(string name, IReadOnlyList<T> choices, Condition? activeWhen = null)
        => AddChoice(name, choices, null, ordered: false, activeWhen);

    /// <summary>Adds a choice without order.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="choices">What to choose from, told apart by their text.</param>
    /// <param name="defaultValue">The choice to assume if nothing is known.</param>
    /// <param name="activeWhen">When it exists; null: always.</param>
    public Hyperparameter<T> AddCategorical<T>(string name, IReadOnlyList<T> choices, T defaultValue, Condition? activeWhen = null)
        where T : notnull
        => AddChoice(name, choices, defaultValue, ordered: false, activeWhen);

    /// <summary>Adds a choice whose neighbours are alike, such as sizes; the first choice is the default.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="choices">What to choose from, in order.</param>
    /// <param name="activeWhen">When it exists; null: always.</param>
    public Hyperparameter<T> AddOrdered<T>(string name, IReadOnlyList<T> choices, Condition? activeWhen = null)
        => AddChoice(name, choices, null, ordered: true, activeWhen);

    /// <summary>Adds a choice whose neighbours are alike, such as sizes.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="choices">What to choose from, in order.</param>
    /// <param name="defaultValue">The choice to assume if nothing is known.</param>
    /// <param name="activeWhen">When it exists; null: always.</param>
    public Hyperparameter<T> AddOrdered<T>(string name, IReadOnlyList<T> choices, T defaultValue, Condition? activeWhen = null)
        where T : notnull
        => AddChoice(name, choices, defaultValue, ordered: true, activeWhen);

    /// <summary>Adds a yes or no.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="defaultValue">The value to assume if nothing is known.</param>
    /// <param name="activeWhen">When it exists; null: always.</param>
    public Hyperparameter<bool> AddBoolean(string name, bool defaultValue = false, Condition? activeWhen = null)
        => AddChoice<bool>(name, [false, true], defaultValue, ordered: false, activeWhen);

    /// <summary>Demands that every configuration meets a rule; random search and all tuners keep to it.</summary>
    /// <param name="rule">The rule in words, for messages.</param>
    /// <param name="isMet">Whether a configuration meets it; it reads what can be inactive with <see cref="Configuration.TryGet"/>. Must be pure and fast.</param>
    public SearchSpaceBuilder Require(string rule, Func<Configuration, bool> isMet)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(rule);
        ArgumentNullException.ThrowIfNull(isMet);
        _declarations.Constraints.Add(new Constraint(rule, isMet));
        return this;
    }

    /// <summary>The space.</summary>
    /// <exception cref="SearchSpaceException">Something is wrong with it; all problems are listed.</exception>
    public SearchSpace Build()
    {
        if (_declarations.Problems.Count > 0) throw new SearchSpaceException("The search space has several problems:", _declarations.Problems);
        var space = new SearchSpace([.. _declarations.Hyperparameters], [.. _declarations.Constraints]);
        space.DemandThatConstraintsCanBeMet();
        return space;
    }

    private Hyperparameter<T> AddChoice<T>(string name, IReadOnlyList<T> choices, object? defaultValue, bool ordered, Condition? activeWhen)
    {
        ArgumentNullException.ThrowIfNull(choices);
        ImmutableArray<T> values = [.. choices];
        return Add(name, new ChoiceDomain([.. values.Select(value => ChoiceLabel.Of(value))], ordered), defaultValue, activeWhen, values);
    }

    private Hyperparameter<T> Add<T>(string name, Domain domain, object? defaultValue, Condition? activeWhen, ImmutableArray<T> choices = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        var problems = _declarations.Problems;
        var known = _declarations.Hyperparameters;
        var fullName = _prefix + name;
        if (activeWhen is null && !_nests.IsEmpty) activeWhen = _nests[^1];
        void Report(string problem) => problems.Add($"Hyperparameter '{fullName}': {problem}");

        if (string.IsNullOrWhiteSpace(name)) Report("its name is empty; give it one.");
        if (known.Any(h => h.Name == fullName)) Report("its name is already taken; give each hyperparameter a name of its own.");
        var problemsBefore = problems.Count;
        foreach (var problem in domain.Problems()) Report(problem);
        var isSound = problems.Count == problemsBefore;

        var defaultCode = !isSound ? double.NaN : domain is ChoiceDomain ? 0 : domain.MiddleCode;
        if (isSound && defaultValue is not null)
        {
            defaultCode = new Hyperparameter<T>(fullName, domain, 0, null, 0, choices).ToCode(defaultValue);
            if (double.IsNaN(defaultCode)) Report($"its default {ChoiceLabel.Of(defaultValue)} is not one of its values ({Describe(domain)}); choose one of them, or leave the default out.");
        }

        if (activeWhen is not null) CheckCondition(activeWhen, Report);
        var hyperparameter = new Hyperparameter<T>(fullName, domain, defaultCode, activeWhen, known.Count, choices);
        known.Add(hyperparameter);
        return hyperparameter;
    }

    private void CheckCondition(Condition condition, Action<string> report)
    {
        var parent = condition.Parent;
        if (!_declarations.Hyperparameters.Contains(parent))
            report($"its parent '{parent.Name}' is not declared before it in this space; declare parents first.");
        foreach (var nest in _nests.Where(nest => !condition.Implies(nest)))
            report($"its condition ({condition}) leaves the condition of its nest ({nest}) out; put it on a hyperparameter of that nest, or declare it outside.");
        if (parent.Domain is RealDomain)
        {
            report($"its parent '{parent.Name}' is a real number; a parent must be a choice, a boolean or an integer.");
            return;
        }

        if (condition.Codes.Length == 0)
            report($"its condition on '{parent.Name}' names no value, so it could never be active; name at least one.");
        for (var i = 0; i < condition.Codes.Length && !parent.Domain.Problems().Any(); i++)
        {
            if (double.IsNaN(condition.Codes[i]))
                report($"its condition names '{condition.Labels[i]}', which is not a value of '{parent.Name}' ({Describe(parent.Domain)}); name values that it can have.");
        }
    }

    internal static string Describe(Domain domain) => domain switch
    {
        RealDomain real => $"from {Domain.Text(real.Low)} to {Domain.Text(real.High)}{(real.Step is { } step ? $" in steps of {Domain.Text(step)}" : "")}{OnLog(real.Scale)}",
        IntegerDomain integer => $"whole numbers from {Domain.Text(integer.Low)} to {Domain.Text(integer.High)}{(integer.Step > 1 ? $" in steps of {Domain.Text(integer.Step)}" : "")}{OnLog(integer.Scale)}",
        ChoiceDomain choice => $"{(choice.Ordered ? "in order " : "")}{string.Join(", ", choice.Labels)}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string OnLog(Scale scale) => scale == Scale.Log ? ", log scale" : "";

    private sealed class Declarations
    {
        public List<Hyperparameter> Hyperparameters { get; } = [];

        public List<Constraint> Constraints { get; } = [];

        public List<string> Problems { get; } = [];
    }
}
