using System.Globalization;
using System.Linq.Expressions;
using AutoTune.Spaces;

namespace AutoTune;

/// <summary>
/// Hyperparameters bound to the fields and properties of an options class: each is named after its member, takes the member's own
/// initial value as its default, and is written back by <see cref="Create"/>.
/// </summary>
/// <typeparam name="TOptions">The options class.</typeparam>
/// <remarks>
/// Members may be whole or real numbers of any size, booleans, enums and texts, nullable or not, also of nested options objects
/// (<c>o => o.Booster.LearningRate</c>). Not thread-safe while it is being built; <see cref="Create"/> is.
/// </remarks>
public sealed class BoundSpace<TOptions> where TOptions : class
{
    private readonly SearchSpaceBuilder _space;
    private readonly Func<TOptions> _create;
    private readonly TOptions _initial;
    private readonly List<Action<TOptions, Configuration>> _writes = [];

    internal BoundSpace(SearchSpaceBuilder space, Func<TOptions> create)
    {
        _space = space;
        _create = create;
        _initial = create();
    }

    /// <summary>Binds whole numbers to a member.</summary>
    /// <param name="member">The member, such as <c>o => o.NumberOfLeaves</c>.</param>
    /// <param name="low">The smallest value.</param>
    /// <param name="high">The largest value.</param>
    /// <param name="scale">Linear, or log for sizes and counts.</param>
    /// <param name="step">The distance between values.</param>
    /// <param name="defaultValue">The default; null: the member's initial value if it is in the range, else the middle.</param>
    /// <param name="activeWhen">When it exists; the member keeps its initial value otherwise. Null: always.</param>
    /// <exception cref="ArgumentException">The expression does not lead to a writable member.</exception>
    public BoundSpace<TOptions> Integer<TValue>(Expression<Func<TOptions, TValue>> member, int low, int high, Scale scale = Scale.Linear,
        int step = 1, int? defaultValue = null, Condition? activeWhen = null)
        => Integer(MemberPath.Of(member), low, high, scale, step, defaultValue, activeWhen);

    /// <summary>Binds whole numbers to the member of this name, for options whose type is known only when the program runs.</summary>
    /// <inheritdoc cref="Integer{TValue}(Expression{Func{TOptions, TValue}}, int, int, Scale, int, int?, Condition?)"/>
    public BoundSpace<TOptions> Integer(string member, int low, int high, Scale scale = Scale.Linear,
        int step = 1, int? defaultValue = null, Condition? activeWhen = null)
        => Integer(MemberPath.Of(typeof(TOptions), member), low, high, scale, step, defaultValue, activeWhen);

    /// <summary>Binds real numbers to a member.</summary>
    /// <param name="member">The member, such as <c>o => o.LearningRate</c>.</param>
    /// <param name="low">The smallest value.</param>
    /// <param name="high">The largest value.</param>
    /// <param name="scale">Linear, or log for what works by factors.</param>
    /// <param name="step">The distance between values; null for a continuum.</param>
    /// <param name="defaultValue">The default; null: the member's initial value if it is in the range, else the middle.</param>
    /// <param name="activeWhen">When it exists; the member keeps its initial value otherwise. Null: always.</param>
    /// <exception cref="ArgumentException">The expression does not lead to a writable member.</exception>
    public BoundSpace<TOptions> Real<TValue>(Expression<Func<TOptions, TValue>> member, double low, double high, Scale scale = Scale.Linear,
        double? step = null, double? defaultValue = null, Condition? activeWhen = null)
        => Real(MemberPath.Of(member), low, high, scale, step, defaultValue, activeWhen);

    /// <summary>Binds real numbers to the member of this name, for options whose type is known only when the program runs.</summary>
    /// <inheritdoc cref="Real{TValue}(Expression{Func{TOptions, TValue}}, double, double, Scale, double?, double?, Condition?)"/>
    public BoundSpace<TOptions> Real(string member, double low, double high, Scale scale = Scale.Linear,
        double? step = null, double? defaultValue = null, Condition? activeWhen = null)
        => Real(MemberPath.Of(typeof(TOptions), member), low, high, scale, step, defaultValue, activeWhen);

    /// <summary>Binds yes or no to a member.</summary>
    /// <param name="member">The member, such as <c>o => o.UseSoftmax</c>.</param>
    /// <param name="defaultValue">The default; null: the member's initial value, no if it has none.</param>
    /// <param name="activeWhen">When it exists; the member keeps its initial value otherwise. Null: always.</param>
    /// <exception cref="ArgumentException">The expression does not lead to a writable member.</exception>
    public BoundSpace<TOptions> Boolean<TValue>(Expression<Func<TOptions, TValue>> member, bool? defaultValue = null, Condition? activeWhen = null)
        => Boolean(MemberPath.Of(member), defaultValue, activeWhen);

    /// <summary>Binds yes or no to the member of this name, for options whose type is known only when the program runs.</summary>
    /// <inheritdoc cref="Boolean{TValue}(Expression{Func{TOptions, TValue}}, bool?, Condition?)"/>
    public BoundSpace<TOptions> Boolean(string member, bool? defaultValue = null, Condition? activeWhen = null)
        => Boolean(MemberPath.Of(typeof(TOptions), member), defaultValue, activeWhen);

    /// <summary>Binds a choice to a member; the default is the member's initial value if it is a choice, else the first choice.</summary>
    /// <param name="member">The member, such as <c>o => o.Norm</c>.</param>
    /// <param name="choices">What to choose from, told apart by their text.</param>
    /// <param name="ordered">Whether neighbouring choices are alike.</param>
    /// <param name="activeWhen">When it exists; the member keeps its initial value otherwise. Null: always.</param>
    /// <exception cref="ArgumentException">The expression does not lead to a writable member.</exception>
    public BoundSpace<TOptions> Choice<TValue>(Expression<Func<TOptions, TValue>> member, IReadOnlyList<TValue> choices, bool ordered = false, Condition? activeWhen = null)
    {
        ArgumentNullException.ThrowIfNull(choices);
        return Choice(MemberPath.Of(member), [.. choices], null, ordered, activeWhen);
    }

    /// <summary>Binds a choice to the member of this name, for options whose type is known only when the program runs.</summary>
    /// <param name="member">The member's name, with points between nested members.</param>
    /// <param name="choices">What to choose from, told apart by their text; converted to the member's type when written.</param>
    /// <param name="defaultValue">The default; null: the member's initial value if it is a choice, else the first choice.</param>
    /// <param name="ordered">Whether neighbouring choices are alike.</param>
    /// <param name="activeWhen">When it exists; the member keeps its initial value otherwise. Null: always.</param>
    /// <exception cref="ArgumentException">There is no such writable member.</exception>
    public BoundSpace<TOptions> Choice(string member, IReadOnlyList<object?> choices, object? defaultValue = null, bool ordered = false, Condition? activeWhen = null)
    {
        ArgumentNullException.ThrowIfNull(choices);
        return Choice(MemberPath.Of(typeof(TOptions), member), [.. choices], defaultValue, ordered, activeWhen);
    }

    /// <summary>New options with the values of a configuration; members whose hyperparameter is inactive keep their initial value.</summary>
    public TOptions Create(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = _create();
        foreach (var write in _writes) write(options, configuration);
        return options;
    }

    private BoundSpace<TOptions> Integer(MemberPath path, int low, int high, Scale scale, int step, int? defaultValue, Condition? activeWhen)
    {
        var initial = InitialNumber(path);
        defaultValue ??= initial is { } number && new IntegerDomain(low, high, scale, step).Contains(number) ? (int)number : null;
        return Write(path, _space.AddInteger(path.Name, low, high, scale, step, defaultValue, activeWhen));
    }

    private BoundSpace<TOptions> Real(MemberPath path, double low, double high, Scale scale, double? step, double? defaultValue, Condition? activeWhen)
    {
        var domain = new RealDomain(low, high, scale, step);
        defaultValue ??= InitialNumber(path) is { } initial && !domain.Problems().Any() && domain.Contains(initial) ? initial : null;
        return Write(path, _space.AddReal(path.Name, low, high, scale, step, defaultValue, activeWhen));
    }

    private BoundSpace<TOptions> Boolean(MemberPath path, bool? defaultValue, Condition? activeWhen)
        => Write(path, _space.AddBoolean(path.Name, defaultValue ?? path.Read(_initial) is true, activeWhen));

    private BoundSpace<TOptions> Choice(MemberPath path, object?[] choices, object? defaultValue, bool ordered, Condition? activeWhen)
    {
        // Kept by their texts: a choice read back from a journal is its text.
        string[] labels = [.. choices.Select(ChoiceLabel.Of)];
        var wanted = ChoiceLabel.Of(defaultValue ?? path.Read(_initial));
        var initial = defaultValue is not null || labels.Contains(wanted) ? wanted : labels.FirstOrDefault() ?? "";
        var choice = labels.Length == 0 ? _space.AddCategorical(path.Name, labels, activeWhen)
            : ordered ? _space.AddOrdered(path.Name, labels, initial, activeWhen)
            : _space.AddCategorical(path.Name, labels, initial, activeWhen);
        _writes.Add((options, configuration) =>
        {
            if (configuration.TryGet(choice, out var label)) path.Write(options, choices[Array.IndexOf(labels, label)]);
        });
        return this;
    }

    private BoundSpace<TOptions> Write<T>(MemberPath path, Hyperparameter<T> hyperparameter)
    {
        _writes.Add((options, configuration) =>
        {
            if (configuration.TryGet(hyperparameter, out var value)) path.Write(options, value);
        });
        return this;
    }

    private double? InitialNumber(MemberPath path)
    {
        var value = path.Read(_initial);
        // A float such as 0.1f means the decimal that it prints as, not its binary expansion.
        if (value is float single) return double.Parse(single.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return value is IConvertible and not string and not bool && value is not Enum ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : null;
    }
}

/// <summary>Binds options classes to a space.</summary>
public static class BoundSpaceExtensions
{
    /// <summary>Binds hyperparameters to the members of an options class; <see cref="BoundSpace{TOptions}.Create"/> makes the options of a configuration.</summary>
    /// <param name="space">Where the hyperparameters are added.</param>
    /// <param name="create">Makes options with their initial values; null: the parameterless constructor.</param>
    public static BoundSpace<TOptions> Bind<TOptions>(this SearchSpaceBuilder space, Func<TOptions>? create = null) where TOptions : class, new()
    {
        ArgumentNullException.ThrowIfNull(space);
        return new BoundSpace<TOptions>(space, create ?? (() => new TOptions()));
    }
}
