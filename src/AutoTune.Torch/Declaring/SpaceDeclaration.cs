namespace AutoTune.Torch.Declaring;

/// <summary>Declares in a space: a choice under the part's name, the hyperparameters of each under that choice's condition.</summary>
internal sealed class SpaceDeclaration(SearchSpaceBuilder space, string name, Condition? activeWhen, string within = "") : IDeclaration
{
    private readonly SearchSpaceBuilder _nest = space.Nest(name, activeWhen);
    private Hyperparameter<string>? _choice;

    /// <summary>The choice; null if there is nothing to choose.</summary>
    public Hyperparameter<string>? ChoiceHandle => _choice;

    public Func<Configuration, string> Choice(IReadOnlyList<string> names)
    {
        if (names.Count == 1) return _ => names[0];
        var choice = _choice = space.AddCategorical(name, names, activeWhen);
        return configuration => configuration.Get(choice);
    }

    public IDeclaration Of(string choice) => new SpaceDeclaration(_nest, choice, _choice?.Is(choice), $"{within}{name}.");

    public Func<Configuration, double> Real(string setting, RealRange range, Bounds bounds)
    {
        bounds.Demand($"{within}{name}.{setting}", range);
        if (range.IsFixed) return _ => range.Low;
        var handle = _nest.AddReal(setting, range.Low, range.High, range.Scale, defaultValue: range.Default);
        return configuration => configuration.Get(handle);
    }

    public Func<Configuration, bool> Boolean(string name, bool? value)
    {
        if (value is { } known) return _ => known;
        var handle = _nest.AddBoolean(name);
        return configuration => configuration.Get(handle);
    }
}
