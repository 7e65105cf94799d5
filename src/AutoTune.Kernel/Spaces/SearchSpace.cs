using System.Collections.Immutable;
using AutoTune.Spaces;

namespace AutoTune;

/// <summary>What a search may vary: hyperparameters with their domains, conditions and constraints. Made by a <see cref="SearchSpaceBuilder"/>.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class SearchSpace
{
    /// <summary>How many random configurations in a row a constraint may reject before that is an error.</summary>
    internal const int MaxRejections = 10_000;

    private readonly ImmutableArray<Constraint> _constraints;

    internal SearchSpace(ImmutableArray<Hyperparameter> hyperparameters, ImmutableArray<Constraint> constraints)
    {
        Hyperparameters = hyperparameters;
        _constraints = constraints;
        Encoding = new UnitCubeEncoding(this);
    }

    /// <summary>A space with nothing in it: where spaces that are declared inside the objective begin.</summary>
    public static SearchSpace Empty { get; } = new([], []);

    /// <summary>The hyperparameters; parents come before their children.</summary>
    public ImmutableArray<Hyperparameter> Hyperparameters { get; }

    /// <summary>The rules' names, in the order of their declaration.</summary>
    public ImmutableArray<string> ConstraintNames => [.. _constraints.Select(constraint => constraint.Name)];

    /// <summary>The way between configurations and the unit cube.</summary>
    public ISpaceEncoding Encoding { get; }

    /// <summary>The configuration of all defaults; it may break a constraint.</summary>
    public Configuration Default => new(this, Fill(hyperparameter => hyperparameter.DefaultCode));

    /// <summary>A uniformly random configuration (on each hyperparameter's scale) that meets every constraint.</summary>
    /// <exception cref="SearchSpaceException">10,000 random configurations in a row broke a constraint.</exception>
    public Configuration Sample(RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        for (var attempt = 0; attempt < MaxRejections; attempt++)
        {
            var configuration = SampleOnce(random);
            if (MeetsConstraints(configuration)) return configuration;
        }

        throw CannotBeMet(random);
    }

    /// <summary>A configuration with the values set in <paramref name="set"/> and defaults for the rest.</summary>
    /// <exception cref="SearchSpaceException">A value is out of its domain, belongs to something inactive or unknown, or a constraint is broken.</exception>
    public Configuration Configure(Action<ConfigurationBuilder> set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var builder = new ConfigurationBuilder(this);
        set(builder);
        return builder.Build();
    }

    /// <summary>Whether a configuration meets every constraint.</summary>
    public bool MeetsConstraints(Configuration configuration)
    {
        foreach (var constraint in _constraints)
        {
            if (!constraint.Check(configuration)) return false;
        }

        return true;
    }

    /// <summary>The names of the constraints that a configuration breaks.</summary>
    public ImmutableArray<string> BrokenConstraints(Configuration configuration)
        => [.. _constraints.Where(constraint => !constraint.Check(configuration)).Select(constraint => constraint.Name)];

    /// <summary>The number of distinct configurations, constraints aside; null if there is a continuum or more than 2^53.</summary>
    public long? Cardinality()
    {
        var counts = new double[Hyperparameters.Length];
        for (var i = counts.Length - 1; i >= 0; i--) counts[i] = CountWithChildren(Hyperparameters[i], counts);
        var total = Hyperparameters.Where(h => h.ActiveWhen is null).Aggregate(1.0, (product, root) => product * counts[root.Index]);
        return total > 1L << 53 ? null : (long)total;
    }

    /// <summary>How <paramref name="other"/> differs from this space, a text for each difference; empty if a study of one continues in the other.</summary>
    public ImmutableArray<string> DifferencesFrom(SearchSpace other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var differences = ImmutableArray.CreateBuilder<string>();
        foreach (var mine in Hyperparameters)
        {
            var theirs = other.Hyperparameters.FirstOrDefault(h => h.Name == mine.Name);
            if (theirs is null) differences.Add($"'{mine.Name}' is only in the first");
            else if (!mine.Domain.Equals(theirs.Domain))
                differences.Add($"'{mine.Name}' is {SearchSpaceBuilder.Describe(mine.Domain)} in the first, {SearchSpaceBuilder.Describe(theirs.Domain)} in the second");
            else if (!(mine.ActiveWhen?.IsLike(theirs.ActiveWhen) ?? theirs.ActiveWhen is null))
                differences.Add($"'{mine.Name}' exists {When(mine)} in the first, {When(theirs)} in the second");
            else if (mine.Index != theirs.Index)
                differences.Add($"'{mine.Name}' is number {mine.Index + 1} in the first, number {theirs.Index + 1} in the second");
        }

        differences.AddRange(other.Hyperparameters.Where(h => Hyperparameters.All(mine => mine.Name != h.Name)).Select(h => $"'{h.Name}' is only in the second"));
        if (!ConstraintNames.SequenceEqual(other.ConstraintNames))
            differences.Add($"constraints: [{string.Join(", ", ConstraintNames)}] in the first, [{string.Join(", ", other.ConstraintNames)}] in the second");
        return differences.ToImmutable();

        static string When(Hyperparameter h) => h.ActiveWhen is null ? "always" : $"when {h.ActiveWhen}";
    }

    internal int IndexOf(Hyperparameter hyperparameter)
    {
        var index = hyperparameter.Index;
        if (index < Hyperparameters.Length && ReferenceEquals(Hyperparameters[index], hyperparameter)) return index;
        // A handle from an equal space, such as one rebuilt when a program resumes its study.
        if (index < Hyperparameters.Length && Hyperparameters[index].Name == hyperparameter.Name && Hyperparameters[index].Domain.Equals(hyperparameter.Domain)) return index;
        throw new InvalidOperationException(
            $"Hyperparameter '{hyperparameter.Name}' does not belong to this space ({Names}); use the handle that its builder gave.");
    }

    /// <summary>The names for a message.</summary>
    internal string Names => Hyperparameters.IsEmpty ? "no hyperparameters" : string.Join(", ", Hyperparameters.Select(h => h.Name));

    internal SearchSpace With(Hyperparameter hyperparameter) => new(Hyperparameters.Add(hyperparameter), _constraints);

    /// <summary>Codes from a function of the active hyperparameters, NaN for inactive ones.</summary>
    internal double[] Fill(Func<Hyperparameter, double> code)
    {
        var codes = new double[Hyperparameters.Length];
        for (var i = 0; i < codes.Length; i++) codes[i] = IsActive(Hyperparameters[i], codes) ? code(Hyperparameters[i]) : double.NaN;
        return codes;
    }

    internal static bool IsActive(Hyperparameter hyperparameter, ReadOnlySpan<double> codes)
        => hyperparameter.ActiveWhen is not { } condition || condition.Holds(codes[condition.Parent.Index]);

    /// <summary>Tries the constraints on the defaults and on random configurations: one that throws, or is never met, is found here.</summary>
    internal void DemandThatConstraintsCanBeMet()
    {
        if (_constraints.IsEmpty) return;
        var random = new RandomSource(0);
        Configuration[] examples = [Default, .. Enumerable.Range(0, 200).Select(_ => SampleOnce(random))];
        var errors = _constraints.Select(constraint => constraint.ErrorOn(examples)).OfType<SearchSpaceException>().ToList();
        if (errors.Count == 1) throw errors[0];
        if (errors.Count > 1) throw new SearchSpaceException("The search space has several problems:", errors.SelectMany(error => error.Problems), errors[0].InnerException);
        if (!examples.Any(MeetsConstraints)) Sample(random);
    }

    private Configuration SampleOnce(RandomSource random)
    {
        var codes = new double[Hyperparameters.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            var hyperparameter = Hyperparameters[i];
            codes[i] = IsActive(hyperparameter, codes) ? hyperparameter.Domain.FromUnit(random.NextDouble()) : double.NaN;
        }

        return new Configuration(this, codes);
    }

    private SearchSpaceException CannotBeMet(RandomSource random)
    {
        var alone = _constraints.Where(constraint => Enumerable.Range(0, MaxRejections).All(_ => !constraint.Check(SampleOnce(random)))).ToList();
        return new SearchSpaceException("The constraints cannot be met:", alone.Count > 0
            ? alone.Select(constraint => $"Constraint '{constraint.Name}': none of {MaxRejections} random configurations meets it; loosen it, or narrow the ranges to where it holds.")
            : [$"Constraints '{string.Join("' and '", ConstraintNames)}': none of {MaxRejections} random configurations meets all of them; loosen one, or narrow the ranges to where they hold."]);
    }

    /// <summary>How many ways there are to choose this hyperparameter and what hangs on it; those of its children are known.</summary>
    private double CountWithChildren(Hyperparameter hyperparameter, double[] counts)
    {
        if (hyperparameter.Domain.Cardinality is not { } cardinality) return double.PositiveInfinity;
        var children = Hyperparameters.Where(h => h.ActiveWhen?.Parent.Index == hyperparameter.Index).ToList();
        var named = children.SelectMany(child => child.ActiveWhen!.Codes).Distinct().ToList();
        // A value that no condition names counts once, one with children as often as these can be combined.
        return cardinality - named.Count + named.Sum(code => children
            .Where(child => child.ActiveWhen!.Holds(code))
            .Aggregate(1.0, (product, child) => product * counts[child.Index]));
    }
}
