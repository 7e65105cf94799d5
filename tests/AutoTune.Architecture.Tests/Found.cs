namespace AutoTune.Architecture.Tests;

/// <summary>Assertions on lists of findings, with the findings in the message.</summary>
internal static class Found
{
    public static void None<T>(IEnumerable<T> findings, string remedy)
    {
        var all = findings.ToList();
        if (all.Count > 0) Assert.Fail($"{string.Join('\n', all)}\n{remedy}");
    }
}
