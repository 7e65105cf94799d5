using System.Collections.Immutable;

namespace AutoTune;

/// <summary>A value for every active hyperparameter of a space; inactive ones are absent.</summary>
/// <remarks>Immutable, compared by value, thread-safe.</remarks>
public sealed class Configuration : IEquatable<Configuration>
{
    private readonly double[] _codes; // by Hyperparameter.Index; NaN where inactive

    internal Configuration(SearchSpace space, double[] codes)
    {
        Space = space;
        _codes = codes;
    }

    /// <summary>The space it belongs to.</summary>
    public SearchSpace Space { get; }

    internal ReadOnlySpan<double> Codes => _codes;

    /// <summary>The active hyperparameters with their values, in the order of the space.</summary>
    public ImmutableArray<HyperparameterValue> Values =>
        [.. Space.Hyperparameters.Where(IsActive).Select(h => new HyperparameterValue(h, h.ToValue(_codes[h.Index])))];

    /// <summary>The value of a hyperparameter.</summary>
    /// <exception cref="InvalidOperationException">It is inactive here, or belongs to another space.</exception>
    public T Get<T>(Hyperparameter<T> hyperparameter)
    {
        ArgumentNullException.ThrowIfNull(hyperparameter);
        if (TryGet(hyperparameter, out var value)) return value;
        throw new InvalidOperationException(
            $"Hyperparameter '{hyperparameter.Name}' is inactive in this configuration ({this})"
            + (hyperparameter.ActiveWhen is null ? "" : $": it exists only when {hyperparameter.ActiveWhen}")
            + "; ask with TryGet.");
    }

    /// <summary>The value of a hyperparameter, if it is active.</summary>
    /// <returns>Whether it is active.</returns>
    /// <exception cref="InvalidOperationException">The hyperparameter belongs to another space.</exception>
    public bool TryGet<T>(Hyperparameter<T> hyperparameter, out T value)
    {
        ArgumentNullException.ThrowIfNull(hyperparameter);
        var code = _codes[Space.IndexOf(hyperparameter)];
        value = double.IsNaN(code) ? default! : hyperparameter.FromCode(code);
        return !double.IsNaN(code);
    }

    /// <summary>Whether a hyperparameter is active here.</summary>
    public bool IsActive(Hyperparameter hyperparameter)
    {
        ArgumentNullException.ThrowIfNull(hyperparameter);
        return !double.IsNaN(_codes[Space.IndexOf(hyperparameter)]);
    }

    /// <inheritdoc/>
    public bool Equals(Configuration? other) => other is not null && _codes.AsSpan().SequenceEqual(other._codes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Configuration);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var code in _codes) hash.Add(code);
        return hash.ToHashCode();
    }

    /// <summary>For example <c>rate=0.01, trainer=fast-tree, leaves=31</c>.</summary>
    public override string ToString() => Space.Hyperparameters.Length == 0
        ? "(nothing to tune)"
        : string.Join(", ", Space.Hyperparameters.Where(IsActive).Select(h => $"{h.Name}={h.Domain.Format(_codes[h.Index])}"));

    /// <summary>The same values in a space that begins with this one's hyperparameters; new ones are absent.</summary>
    internal Configuration In(SearchSpace larger)
    {
        if (ReferenceEquals(larger, Space)) return this;
        var codes = new double[larger.Hyperparameters.Length];
        codes.AsSpan().Fill(double.NaN);
        _codes.CopyTo(codes, 0);
        return new Configuration(larger, codes);
    }
}

/// <summary>A hyperparameter with its value in some configuration.</summary>
/// <param name="Hyperparameter">The hyperparameter.</param>
/// <param name="Value">Its value.</param>
public readonly record struct HyperparameterValue(Hyperparameter Hyperparameter, object Value)
{
    /// <summary>The value as culture-free text.</summary>
    public string Text => Hyperparameter.Domain.Format(Hyperparameter.ToCode(Value));
}
