using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace AutoTune.Architecture.Tests;

/// <summary>The public surface of an assembly as text, a line for each type and member, in a fixed order.</summary>
internal static class PublicApiText
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly SortedDictionary<string, string> Keywords = new(StringComparer.Ordinal)
    {
        ["Boolean"] = "bool", ["Byte"] = "byte", ["Char"] = "char", ["Double"] = "double", ["Int32"] = "int", ["Int64"] = "long", ["Object"] = "object",
        ["Single"] = "float", ["String"] = "string", ["UInt32"] = "uint", ["UInt64"] = "ulong", ["Void"] = "void",
    };

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Kind(type)).Append(' ').Append(Name(type, withNamespace: true)).Append(Ancestors(type)).Append('\n');
            foreach (var member in Members(type).Distinct().Order(StringComparer.Ordinal)) text.Append("    ").Append(member).Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum) return Enum.GetNames(type).Select(name => string.Create(CultureInfo.InvariantCulture, $"{name} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)}"));
        if (type.IsSubclassOf(typeof(Delegate))) return [Method(type.GetMethod("Invoke")!)];
        return
        [
            .. type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily).Select(field => $"{(field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}"),
            .. type.GetConstructors(Declared).Where(IsVisible).Where(constructor => !IsGenerated(constructor)).Select(constructor => $"{Visibility(constructor)}{type.Name.Split('`')[0]}({Parameters(constructor)})"),
            .. type.GetProperties(Declared).Where(property => property.Name != "EqualityContract" && property.GetAccessors(nonPublic: true).Any(IsVisible)).Select(Property),
            .. type.GetEvents(Declared).Select(each => $"event {Name(each.EventHandlerType!)} {each.Name}"),
            .. type.GetMethods(Declared).Where(method => IsVisible(method) && !IsGenerated(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) && !IsOverrideOfObject(method)).Select(Method),
        ];
    }

    private static string Property(PropertyInfo property)
    {
        var accessors = property.GetAccessors(nonPublic: true).Where(IsVisible).ToList();
        var setter = property.SetMethod is { } set && IsVisible(set)
            ? set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;"
            : "";
        var indexer = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(parameter => Name(parameter.ParameterType)))}]" : "";
        return $"{Visibility(accessors[0])}{(accessors[0].IsStatic ? "static " : "")}{Name(property.PropertyType)}{Mark(new NullabilityInfoContext().Create(property))} {property.Name}{indexer} {{ get;{setter} }}";
    }

    private static string Method(MethodInfo method)
    {
        var generics = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";
        var extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        var kind = method.IsStatic ? "static " : method.DeclaringType!.IsInterface || method.DeclaringType.IsSubclassOf(typeof(Delegate)) ? "" : method.IsAbstract ? "abstract " : method.IsVirtual && !method.IsFinal && method.GetBaseDefinition() == method ? "virtual " : "";
        return $"{Visibility(method)}{kind}{Name(method.ReturnType)}{Mark(new NullabilityInfoContext().Create(method.ReturnParameter))} {method.Name}{generics}({extension}{Parameters(method)})";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
    {
        var optional = !parameter.HasDefaultValue ? ""
            : parameter.RawDefaultValue is string text ? $" = \"{text}\""
            : parameter.RawDefaultValue is bool flag ? (flag ? " = true" : " = false")
            : parameter.RawDefaultValue is { } value ? string.Create(CultureInfo.InvariantCulture, $" = {value}")
            : parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null ? " = default" : " = null";
        return $"{Name(parameter.ParameterType)}{Mark(new NullabilityInfoContext().Create(parameter))} {parameter.Name}{optional}";
    }));

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        _ when type.IsSubclassOf(typeof(Delegate)) => "delegate",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => $"abstract {ClassOrRecord(type)}",
        { IsSealed: true } => $"sealed {ClassOrRecord(type)}",
        _ => "class",
    };

    private static string ClassOrRecord(Type type) => type.GetMethod("<Clone>$") is null ? "class" : "record";

    private static string Ancestors(Type type)
    {
        if (type.IsEnum || type.IsSubclassOf(typeof(Delegate))) return "";
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var ancestors = type.GetInterfaces().Except(inherited).Where(each => each.IsPublic).Select(each => Name(each)).Order(StringComparer.Ordinal).ToList();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType)) ancestors.Insert(0, Name(parent));
        return ancestors.Count == 0 ? "" : $" : {string.Join(", ", ancestors)}";
    }

    private static string Name(Type type, bool withNamespace = false)
    {
        if (type.IsByRef) return $"ref {Name(type.GetElementType()!)}";
        if (type.IsArray) return $"{Name(type.GetElementType()!)}[]";
        if (Nullable.GetUnderlyingType(type) is { } underlying) return $"{Name(underlying)}?";
        if (type.IsGenericParameter) return type.Name;
        var name = type.Name.Split('`')[0];
        if (type.Namespace == "System" && Keywords.TryGetValue(name, out var keyword)) return keyword;
        if (type.IsNested) name = $"{Name(type.DeclaringType!, withNamespace)}.{name}";
        else if (withNamespace) name = $"{type.Namespace}.{name}";
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(argument => Name(argument)))}>" : name;
    }

    private static string Mark(NullabilityInfo nullability) => !nullability.Type.IsValueType && !nullability.Type.IsGenericParameter && nullability.ReadState == NullabilityState.Nullable ? "?" : "";

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Visibility(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static bool IsGenerated(MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute));

    private static bool IsOverrideOfObject(MethodInfo method) => method.Name is "Equals" or "GetHashCode" or "ToString" or "PrintMembers" && method.IsVirtual;
}
