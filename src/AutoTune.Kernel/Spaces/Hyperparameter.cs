using System.Collections.Immutable;

namespace AutoTune;

/// <summary>One thing that a search may vary. Made by a <see cref="SearchSpaceBuilder"/>.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public abstract class Hyperparameter
{
    private protected Hyperparameter(string name, Domain domain, double defaultCode, Condition? activeWhen, int index)
    {
        Name = name;
        Domain = domain;
        DefaultCode = defaultCode;
        ActiveWhen = activeWhen;
        Index = index;
    }

    /// <summary>The name, unique within its space.</summary>
    public string Name { get; }

    /// <summary>The values it may take.</summary>
    public Domain Domain { get; }

    /// <summary>When it exists; null if always.</summary>
    public Condition? ActiveWhen { get; }

    /// <summary>Its position in its space.</summary>
    public int Index { get; }

    /// <summary>The default value's code; by default the middle of a range (on its scale) or the first choice.</summary>
    public double DefaultCode { get; }

    /// <summary>The default value.</summary>
    public object DefaultValue => ToValue(DefaultCode);

    /// <summary>The type of its values.</summary>
    public abstract Type ValueType { get; }

    /// <summary>The value of this code: see <see cref="AutoTune.Domain"/>.</summary>
    public abstract object ToValue(double code);

    /// <summary>The code of this value, NaN if it is not a value of this hyperparameter.</summary>
    public abstract double ToCode(object? value);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A typed handle on a hyperparameter: <c>configuration.Get(handle)</c> gives its value.</summary>
/// <typeparam name="T">The type of its values.</typeparam>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class Hyperparameter<T> : Hyperparameter
{
    private readonly ImmutableArray<T> _choices;

    internal Hyperparameter(string name, Domain domain, double defaultCode, Condition? activeWhen, int index, ImmutableArray<T> choices)
        : base(name, domain, defaultCode, activeWhen, index) => _choices = choices;

    /// <inheritdoc/>
    public override Type ValueType => typeof(T);

    /// <summary>The choices of a categorical, ordered or boolean hyperparameter; empty for a numeric one.</summary>
    public ImmutableArray<T> Choices => _choices.IsDefault ? [] : _choices;

    /// <summary>A condition for other hyperparameters: this one is active and has one of these values.</summary>
    /// <param name="values">The values; for a numeric hyperparameter whole numbers only.</param>
    public Condition Is(params T[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new Condition(this, [.. values.Select(value => ToCode(value))], [.. values.Select(value => ChoiceLabel.Of(value))]);
    }

    internal T FromCode(double code)
    {
        if (!_choices.IsDefault) return _choices[(int)code];
        if (typeof(T) == typeof(double)) return (T)(object)code; // the JIT removes the boxes
        return (T)(object)(int)code;
    }

    /// <inheritdoc/>
    public override object ToValue(double code) => FromCode(code)!;

    /// <inheritdoc/>
    public override double ToCode(object? value)
    {
        double code;
        if (_choices.IsDefault)
        {
            code = Domain.Tidy(value switch
            {
                double real => real,
                float real => real,
                int whole => whole,
                long whole => whole,
                _ => double.NaN,
            });
        }
        else
        {
            code = value is T choice ? _choices.IndexOf(choice) : -1;
            if (code < 0) code = ((ChoiceDomain)Domain).Labels.IndexOf(ChoiceLabel.Of(value)); // choices are told apart by their text
        }

        return Domain.Contains(code) ? code : double.NaN;
    }
}
