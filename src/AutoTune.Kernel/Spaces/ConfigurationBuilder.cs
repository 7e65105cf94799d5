namespace AutoTune;

/// <summary>Collects values for <see cref="SearchSpace.Configure"/>. What is not set takes its default.</summary>
public sealed class ConfigurationBuilder
{
    private readonly SearchSpace _space;
    private readonly SortedDictionary<int, double> _codes = [];
    private readonly SortedSet<int> _refused = [];
    private readonly List<string> _problems = [];

    internal ConfigurationBuilder(SearchSpace space) => _space = space;

    /// <summary>Sets a hyperparameter.</summary>
    public ConfigurationBuilder Set<T>(Hyperparameter<T> hyperparameter, T value)
    {
        ArgumentNullException.ThrowIfNull(hyperparameter);
        return SetCode(_space.Hyperparameters[_space.IndexOf(hyperparameter)], value);
    }

    /// <summary>Sets a hyperparameter by its name; a choice may be given as its text.</summary>
    public ConfigurationBuilder Set(string name, object value)
    {
        var hyperparameter = _space.Hyperparameters.FirstOrDefault(h => h.Name == name);
        if (hyperparameter is not null) return SetCode(hyperparameter, value);
        _problems.Add($"Hyperparameter '{name}' is not in the space, which has {_space.Names}; {(_space.Hyperparameters.IsEmpty ? "declare it first" : "use one of these")}.");
        return this;
    }

    internal Configuration Build()
    {
        var codes = _space.Fill(h => _codes.TryGetValue(h.Index, out var code) ? code : h.DefaultCode);
        foreach (var index in _codes.Keys.Where(index => double.IsNaN(codes[index]) && !HangsOnRefused(_space.Hyperparameters[index])))
        {
            var inactive = _space.Hyperparameters[index];
            _problems.Add($"Hyperparameter '{inactive.Name}' was set but is inactive: it exists only when {inactive.ActiveWhen}; set that too, or leave this out.");
        }

        var configuration = new Configuration(_space, codes);
        if (_problems.Count == 0)
            _problems.AddRange(_space.BrokenConstraints(configuration).Select(name => $"Configuration ({configuration}) breaks the constraint '{name}'; set values that meet it."));
        return _problems.Count == 0 ? configuration : throw new SearchSpaceException("The configuration has several problems:", _problems);
    }

    private ConfigurationBuilder SetCode(Hyperparameter hyperparameter, object? value)
    {
        var code = hyperparameter.ToCode(value);
        if (double.IsNaN(code))
        {
            _refused.Add(hyperparameter.Index);
            _problems.Add($"Hyperparameter '{hyperparameter.Name}': {ChoiceLabel.Of(value)} is not one of its values ({SearchSpaceBuilder.Describe(hyperparameter.Domain)}).");
        }
        else
        {
            _codes[hyperparameter.Index] = code;
        }

        return this;
    }

    // Its own problem would only echo that of the parent.
    private bool HangsOnRefused(Hyperparameter hyperparameter)
    {
        for (var condition = hyperparameter.ActiveWhen; condition is not null; condition = condition.Parent.ActiveWhen)
        {
            if (_refused.Contains(condition.Parent.Index)) return true;
        }

        return false;
    }
}
