namespace AutoTune;

/// <summary>What a running trial is to do after a report: the one value that flows back.</summary>
/// <param name="Action">What to do.</param>
/// <param name="Reason">Why; a stop or a pause always says it.</param>
public sealed record Directive(DirectiveAction Action, string Reason)
{
    /// <summary>Go on.</summary>
    public static Directive Continue { get; } = new(DirectiveAction.Continue, "");

    /// <summary>End the trial here.</summary>
    public static Directive Stop(string reason) => new(DirectiveAction.Stop, reason);

    /// <summary>Save a checkpoint and return: the trial may be resumed later.</summary>
    public static Directive Pause(string reason) => new(DirectiveAction.Pause, reason);

    /// <summary>Whether the objective is to go on.</summary>
    public bool IsContinue => Action == DirectiveAction.Continue;
}

/// <summary>The kinds of <see cref="Directive"/>.</summary>
public enum DirectiveAction
{
    /// <summary>Go on.</summary>
    Continue,

    /// <summary>Save a checkpoint and return: the trial may be resumed later.</summary>
    Pause,

    /// <summary>Return: the trial ends here.</summary>
    Stop,
}
