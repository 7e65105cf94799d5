namespace AutoTune;

/// <summary>An objective gave NaN or an infinite value: the trial fails with this reason.</summary>
public sealed class NonFiniteValueException : Exception
{
    internal NonFiniteValueException(string metric, double value, string where)
        : base($"The objective {where} {Domain.Text(value)} for '{metric}'; a value must be a finite number. Return a large finite value for a poor result, or throw to say that the trial failed.") { }
}
