namespace AutoTune;

/// <summary>A trial went beyond its time limit or memory limit. Recorded as the error of the trial, never thrown.</summary>
public sealed class TrialLimitException : Exception
{
    internal TrialLimitException(string message) : base(message) { }
}
