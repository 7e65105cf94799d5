using System.Reflection;
using System.Runtime.CompilerServices;

namespace AutoTune.Architecture.Tests;

[TestClass]
public sealed class PublicTypeTests
{
    // Builders are made to be derived from: packages give them verbs of their own and keep the type through the chain.
    private static bool IsOpen(Type type) => type.IsAssignableTo(typeof(StudyBuilder));

    private static IEnumerable<Type> PublicTypes => Repository.Projects.SelectMany(project => Repository.AssemblyOf(project).GetExportedTypes());

    [TestMethod]
    public void PublicClass_NobodyCanDeriveFromIt_UnlessItIsAbstract()
    {
        var broken = PublicTypes.Where(type => type.IsClass && !type.IsSealed && !type.IsAbstract && !IsOpen(type)).Select(type => type.FullName);
        Found.None(broken, "Seal it, or make it abstract.");
    }

    [TestMethod]
    public void PublicType_ItsNamespace_IsAutoTune()
    {
        var broken = PublicTypes.Where(type => type.Namespace != "AutoTune" && type.Namespace?.StartsWith("AutoTune.", StringComparison.Ordinal) != true).Select(type => type.FullName);
        Found.None(broken, "This breaks a law of DESIGN.md.");
    }

    [TestMethod]
    public void PublicType_ItsName_SaysSomething()
    {
        string[] empty = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Base", "Info"];
        var broken = PublicTypes.Where(type => empty.Any(ending => type.Name.EndsWith(ending, StringComparison.Ordinal))).Select(type => type.FullName);
        Found.None(broken, "This breaks a law of DESIGN.md.");
    }

    [TestMethod]
    public void PublicType_OtherThanOptions_CannotBeChangedThroughProperties()
    {
        var broken = from type in PublicTypes
                     where !type.Name.EndsWith("Options", StringComparison.Ordinal)
                     from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                     where property.SetMethod is { IsPublic: true } set && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit))
                     select $"{type.FullName}.{property.Name}";
        Found.None(broken, "Use init, or no setter.");
    }

    [TestMethod]
    public void Verbs_UseAndTuneAndSaveTo_AreInNamespaceAutoTune()
    {
        var verbs = PublicTypes.Where(type => type.IsAbstract && type.IsSealed)
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(method => method.IsDefined(typeof(ExtensionAttribute)) && (method.Name == "SaveTo" || StartsWithVerb(method.Name, "Use") || StartsWithVerb(method.Name, "Tune")))
            .ToList();
        Assert.Contains("SaveTo", verbs.Select(verb => verb.Name));
        Assert.Contains("UseRandom", verbs.Select(verb => verb.Name));
        var broken = verbs.Where(method => method.DeclaringType!.Namespace != "AutoTune").Select(method => $"{method.DeclaringType}.{method.Name}");
        Found.None(broken, "One using is to bring all verbs.");
    }

    [TestMethod]
    public void Contract_OneThatOthersImplement_HasAtMostThreeMethods()
    {
        var broken = PublicTypes.Where(type => type.IsInterface)
            .Select(type => (type.FullName, Methods: type.GetMethods().Count(method => method.IsAbstract && !method.IsSpecialName)))
            .Where(type => type.Methods > 3);
        Found.None(broken, "Convenience is extension methods.");
    }

    private static bool StartsWithVerb(string name, string verb) => name.StartsWith(verb, StringComparison.Ordinal) && name.Length > verb.Length && char.IsUpper(name[verb.Length]);
}
