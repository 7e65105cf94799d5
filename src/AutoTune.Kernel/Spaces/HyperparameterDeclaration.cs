using System.Collections.Immutable;

namespace AutoTune;

/// <summary>A hyperparameter without its place in a space: what an objective declares while it runs, and what a journal keeps.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Domain">The values it may take.</param>
/// <param name="DefaultCode">The default value's code; see <see cref="AutoTune.Domain"/>.</param>
public sealed record HyperparameterDeclaration(string Name, Domain Domain, double DefaultCode)
{
    /// <summary>The hyperparameter at a place of a space; its choices are their texts.</summary>
    internal Hyperparameter At(int index, Condition? activeWhen = null) => Domain switch
    {
        RealDomain => new Hyperparameter<double>(Name, Domain, DefaultCode, activeWhen, index, default),
        IntegerDomain => new Hyperparameter<int>(Name, Domain, DefaultCode, activeWhen, index, default),
        ChoiceDomain choice => new Hyperparameter<string>(Name, Domain, DefaultCode, activeWhen, index, choice.Labels),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
