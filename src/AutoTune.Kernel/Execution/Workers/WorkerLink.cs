using System.Globalization;

namespace AutoTune.Execution;

/// <summary>What a worker is told by its environment: which study it is for, and the pipes to its parent.</summary>
/// <param name="Target">The study that it evaluates trials of.</param>
/// <param name="Input">The handle of the pipe from the parent.</param>
/// <param name="Output">The handle of the pipe to the parent.</param>
/// <param name="Parent">The parent's process id.</param>
/// <param name="Number">Its number among the study's workers.</param>
internal sealed record WorkerLink(StudyAddress Target, string Input, string Output, int Parent, int Number)
{
    private const string Variable = "AUTOTUNE_WORKER";

    public void AddTo(IDictionary<string, string?> environment)
        => environment[Variable] = string.Create(CultureInfo.InvariantCulture, $"{Input};{Output};{Parent};{Number};{Target.Opening};{Target.Name}");

    /// <summary>The link in this process's environment, which is then taken out: processes that a worker starts are no workers.</summary>
    public static WorkerLink? Take()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } text) return null;
        Environment.SetEnvironmentVariable(Variable, null);
        var parts = text.Split(';', 6); // the name comes last: it may hold anything
        return parts.Length == 6 && NumberIn(parts[2]) is { } parent && NumberIn(parts[3]) is { } number && NumberIn(parts[4]) is { } opening
            ? new WorkerLink(new StudyAddress(parts[5], opening), parts[0], parts[1], parent, number)
            : throw new WorkerProcessException($"The environment variable {Variable} is '{text}', which no study has set; remove it.");
    }

    private static int? NumberIn(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;
}
