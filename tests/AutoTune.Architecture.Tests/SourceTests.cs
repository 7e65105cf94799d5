using System.Text.RegularExpressions;

namespace AutoTune.Architecture.Tests;

[TestClass]
public sealed partial class SourceTests
{
    private const int MaxLines = 400;

    [TestMethod]
    public void Source_EachFile_HasAtMost400Lines()
    {
        var long_ = Repository.SourceFiles("src").Select(file => (file, Lines: File.ReadLines(Repository.PathOf(file)).Count())).Where(file => file.Lines > MaxLines);
        Found.None(long_, "Split it: one concept a file.");
    }

    [TestMethod]
    public void Source_EachFile_HasNothingUnfinished() => DemandNone("src", Unfinished(), "finish it, or leave it out");

    [TestMethod]
    public void Source_EachFile_HasAFileScopedNamespaceOfAutoTune()
    {
        var broken = Repository.SourceFiles("src").Where(file => !FileScopedNamespace().IsMatch(File.ReadAllText(Repository.PathOf(file))) && !file.EndsWith("AssemblyAttributes.cs", StringComparison.Ordinal));
        Found.None(broken, "This breaks a law of DESIGN.md.");
    }

    [TestMethod]
    public void Tests_EachFile_WaitsWithoutSleeping() => DemandNone("tests", Sleep(), "wait on a handle, or use virtual time");

    [TestMethod]
    public void LinesOfCode_TheCountingOfThisTest_SeesLongFiles() // a test of the test
        => Assert.IsGreaterThan(100, Repository.SourceFiles("src").Max(file => File.ReadLines(Repository.PathOf(file)).Count()));

    private static void DemandNone(string folder, Regex pattern, string remedy)
    {
        var found = Repository.SourceFiles(folder).Where(file => !file.EndsWith(nameof(SourceTests) + ".cs", StringComparison.Ordinal))
            .SelectMany(file => pattern.Matches(File.ReadAllText(Repository.PathOf(file))).Select(match => $"{file}: {match.Value}"));
        Found.None(found, remedy);
    }

    [GeneratedRegex(@"\b(?:TODO|FIXME|HACK|XXX)\b|throw new NotImplementedException")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"Thread\.Sleep|SpinWait\.SpinUntil")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"^namespace AutoTune(?:\.\w+)*;", RegexOptions.Multiline)]
    private static partial Regex FileScopedNamespace();
}
