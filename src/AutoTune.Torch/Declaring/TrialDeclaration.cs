namespace AutoTune.Torch.Declaring;

/// <summary>Declares in the objective, as <c>trial.Real(...)</c> does: only what this trial reads.</summary>
internal sealed class TrialDeclaration(ITrialContext trial, string name) : IDeclaration
{
    private string? _chosen;

    public Func<Configuration, string> Choice(IReadOnlyList<string> names)
    {
        var chosen = _chosen = names.Count == 1 ? names[0] : trial.Categorical(name, names);
        return _ => chosen;
    }

    public IDeclaration? Of(string choice) => choice == _chosen ? new TrialDeclaration(trial, $"{name}.{choice}") : null;

    public Func<Configuration, double> Real(string setting, RealRange range, Bounds bounds)
    {
        bounds.Demand($"{name}.{setting}", range);
        var value = range.IsFixed ? range.Low : Declare($"{name}.{setting}", range);
        return _ => value;
    }

    public Func<Configuration, bool> Boolean(string setting, bool? value)
    {
        var known = value ?? trial.Boolean($"{name}.{setting}");
        return _ => known;
    }

    private double Declare(string fullName, RealRange range)
    {
        // Of a default out of its range, and of a range that is none, trial.Real says what is wrong.
        return range.Default is { } known && known >= range.Low && known <= range.High && (range.Scale == Scale.Linear || range.Low > 0)
            ? trial.Declare(new HyperparameterDeclaration(fullName, new RealDomain(range.Low, range.High, range.Scale), known))
            : trial.Real(fullName, range.Low, range.High, range.Scale);
    }
}
