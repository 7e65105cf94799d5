namespace AutoTune;

/// <summary>How much a hyperparameter decides whether a trial is among the good ones.</summary>
/// <param name="Hyperparameter">The hyperparameter.</param>
/// <param name="Share">Its share of the whole, from 0 to 1; the shares of a study sum to 1.</param>
public sealed record HyperparameterImportance(Hyperparameter Hyperparameter, double Share)
{
    /// <summary>For example <c>rate 63 %</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Hyperparameter.Name} {100 * Share:0} %");
}
