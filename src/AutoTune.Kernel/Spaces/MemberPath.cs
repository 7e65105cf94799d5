using System.Collections.Immutable;
using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;

namespace AutoTune.Spaces;

/// <summary>The way from an options object to one of its fields or properties, through nested options objects if need be.</summary>
internal sealed class MemberPath
{
    private readonly ImmutableArray<MemberInfo> _members;

    private MemberPath(ImmutableArray<MemberInfo> members) => _members = members;

    public string Name => string.Join(".", _members.Select(member => member.Name));

    public Type Type => TypeOf(_members[^1]);

    /// <summary>The path of <c>o => o.Booster.LearningRate</c>.</summary>
    /// <exception cref="ArgumentException">The expression is anything but a chain of writable fields and properties.</exception>
    public static MemberPath Of(LambdaExpression expression)
    {
        var members = new Stack<MemberInfo>();
        var node = Unconverted(expression.Body);
        for (; node is MemberExpression access && access.Expression is not null; node = Unconverted(access.Expression)) members.Push(access.Member);
        if (node is not ParameterExpression || members.Count == 0)
            throw new ArgumentException($"'{expression}' does not lead to a member of {expression.Parameters[0].Type.Name}; write a field or property, such as o => o.LearningRate.");
        return Checked([.. members], expression.Parameters[0].Type);
    }

    /// <summary>The path of a name, with points between nested members.</summary>
    /// <exception cref="ArgumentException">There is no such public writable member.</exception>
    public static MemberPath Of(Type type, string name)
    {
        var members = ImmutableArray.CreateBuilder<MemberInfo>();
        var owner = type;
        foreach (var part in name.Split('.'))
        {
            const BindingFlags instance = BindingFlags.Public | BindingFlags.Instance;
            MemberInfo member = owner.GetField(part, instance) ?? (MemberInfo?)owner.GetProperty(part, instance)
                ?? throw new ArgumentException($"{owner.Name} has no public field or property '{part}'; the name '{name}' must lead to one.");
            members.Add(member);
            owner = TypeOf(member);
        }

        return Checked(members.ToImmutable(), type);
    }

    /// <summary>The member's value; null also where an object on the way is missing.</summary>
    public object? Read(object root)
    {
        object? value = root;
        foreach (var member in _members) value = value is null ? null : ValueOf(member, value);
        return value;
    }

    /// <summary>Sets the member, making the objects on the way that are missing.</summary>
    public void Write(object root, object? value)
    {
        var owner = root;
        foreach (var member in _members[..^1])
        {
            var next = ValueOf(member, owner);
            if (next is null) Assign(member, owner, next = Activator.CreateInstance(TypeOf(member))!);
            owner = next;
        }

        Assign(_members[^1], owner, Converted(value, Type));
    }

    private static MemberPath Checked(ImmutableArray<MemberInfo> members, Type root)
    {
        foreach (var member in members)
        {
            var isLast = member == members[^1];
            if (isLast && member is FieldInfo { IsInitOnly: true } or PropertyInfo { CanWrite: false })
                throw new ArgumentException($"'{member.Name}' of {root.Name} cannot be written; bind a writable field or property.");
            // Writing into a struct on the way would change a copy.
            if (!isLast && TypeOf(member).IsValueType)
                throw new ArgumentException($"'{member.Name}' of {root.Name} is the struct {TypeOf(member).Name}; bind the whole of it, or make it a class.");
        }

        return new MemberPath(members);
    }

    private static object? Converted(object? value, Type type)
    {
        var target = Nullable.GetUnderlyingType(type) ?? type;
        if (value is null || target.IsInstanceOfType(value)) return value;
        if (target.IsEnum) return value is string name ? Enum.Parse(target, name) : Enum.ToObject(target, value);
        return Convert.ChangeType(value, target, CultureInfo.InvariantCulture);
    }

    private static Type TypeOf(MemberInfo member) => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    private static object? ValueOf(MemberInfo member, object owner)
        => member is FieldInfo field ? field.GetValue(owner) : ((PropertyInfo)member).GetValue(owner);

    private static void Assign(MemberInfo member, object owner, object? value)
    {
        if (member is FieldInfo field) field.SetValue(owner, value);
        else ((PropertyInfo)member).SetValue(owner, value);
    }

    private static Expression Unconverted(Expression node)
        => node is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } conversion ? Unconverted(conversion.Operand) : node;
}
