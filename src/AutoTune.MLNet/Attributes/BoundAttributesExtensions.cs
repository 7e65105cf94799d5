using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using Microsoft.ML.SearchSpace;

namespace AutoTune;

/// <summary>Reads the attributes by which ML.NET's AutoML marks what can be tuned.</summary>
public static class BoundAttributesExtensions
{
    /// <summary>
    /// Binds every public field and property of an options class that carries <see cref="RangeAttribute"/>, <see cref="ChoiceAttribute"/>,
    /// <see cref="BooleanChoiceAttribute"/> or <see cref="NestOptionAttribute"/>, in the order of their declaration, fields first.
    /// </summary>
    /// <param name="space">Where the hyperparameters are added, each named after its member; nested ones as <c>Outer.Inner</c>.</param>
    /// <param name="create">Makes options with their initial values; null: the parameterless constructor.</param>
    /// <remarks>An attribute's own default counts; without one, the member's initial value if it is in the range.</remarks>
    /// <exception cref="ArgumentException">No member has such an attribute, or one does not go with its member; all problems are listed.</exception>
    public static BoundSpace<TOptions> BindAttributes<TOptions>(this SearchSpaceBuilder space, Func<TOptions>? create = null) where TOptions : class, new()
    {
        ArgumentNullException.ThrowIfNull(space);
        var bound = space.Bind(create);
        List<string> problems = [];
        var count = Bind(bound, typeof(TOptions), "", [typeof(TOptions)], problems);
        if (count == 0 && problems.Count == 0)
        {
            problems.Add($"{typeof(TOptions).Name} has no member with [Range], [Choice], [BooleanChoice] or [NestOption]; "
                + $"mark what is to be tuned, or bind members with space.Bind<{typeof(TOptions).Name}>().");
        }

        return problems.Count == 0 ? bound : throw new ArgumentException(string.Join(Environment.NewLine, problems));
    }

    private static int Bind<TOptions>(BoundSpace<TOptions> bound, Type type, string prefix, ImmutableArray<Type> path, List<string> problems) where TOptions : class
    {
        var count = 0;
        const BindingFlags instance = BindingFlags.Public | BindingFlags.Instance;
        var members = type.GetFields(instance).Cast<MemberInfo>().Concat(type.GetProperties(instance));
        foreach (var member in members.OrderBy(member => member is PropertyInfo).ThenBy(member => member.MetadataToken))
        {
            var name = prefix + member.Name;
            var memberType = member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;
            switch (member.GetCustomAttributes().FirstOrDefault(a => a is RangeAttribute or ChoiceAttribute or BooleanChoiceAttribute or NestOptionAttribute))
            {
                case RangeAttribute range when IsWhole(memberType):
                    bound.Integer(name, ToInt(range.Min), ToInt(range.Max), ScaleOf(range), defaultValue: range.Init is { } init ? ToInt(init) : null);
                    break;
                case RangeAttribute range when IsReal(memberType):
                    bound.Real(name, ToDouble(range.Min), ToDouble(range.Max), ScaleOf(range), defaultValue: range.Init is { } start ? ToDouble(start) : null);
                    break;
                case ChoiceAttribute choice:
                    bound.Choice(name, choice.Candidates, choice.DefaultValue);
                    break;
                case BooleanChoiceAttribute choice when Underlying(memberType) == typeof(bool):
                    bound.Boolean(name, choice.DefaultValue);
                    break;
                case NestOptionAttribute when path.Contains(memberType):
                    problems.Add($"[NestOption] on '{name}': {memberType.Name} contains itself, which would never end; take the attribute off.");
                    continue;
                case NestOptionAttribute when memberType is { IsClass: true, IsAbstract: false } && memberType.GetConstructor(Type.EmptyTypes) is not null:
                    count += Bind(bound, memberType, name + ".", path.Add(memberType), problems);
                    continue;
                case { } other:
                    problems.Add($"[{other.GetType().Name.Replace("Attribute", "", StringComparison.Ordinal)}] on '{name}' does not go with its type "
                        + $"{memberType.Name}: [Range] goes with numbers, [BooleanChoice] with bool, [NestOption] with classes that have a parameterless constructor.");
                    continue;
                case null:
                    continue;
            }

            count++;
        }

        return count;
    }

    private static Type Underlying(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static bool IsWhole(Type type) => Type.GetTypeCode(Underlying(type)) is >= TypeCode.SByte and <= TypeCode.UInt64 && !Underlying(type).IsEnum;

    private static bool IsReal(Type type) => Type.GetTypeCode(Underlying(type)) is TypeCode.Single or TypeCode.Double or TypeCode.Decimal;

    private static Scale ScaleOf(RangeAttribute range) => range.LogBase ? Scale.Log : Scale.Linear;

    private static int ToInt(object value) => Convert.ToInt32(value, CultureInfo.InvariantCulture);

    // A float such as 0.1f means the decimal that it prints as, not its binary expansion.
    private static double ToDouble(object value) => double.Parse(Convert.ToString(value, CultureInfo.InvariantCulture)!, CultureInfo.InvariantCulture);
}
