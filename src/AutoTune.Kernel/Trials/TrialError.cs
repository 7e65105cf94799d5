namespace AutoTune;

/// <summary>Why an attempt failed, as it is kept in the journal.</summary>
/// <param name="Type">The exception's type, or a word for what happened.</param>
/// <param name="Message">The message.</param>
/// <param name="Details">The stack trace or other details; may be empty.</param>
public sealed record TrialError(string Type, string Message, string Details = "")
{
    /// <summary>The error of an exception.</summary>
    public static TrialError Of(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new TrialError(exception.GetType().FullName ?? exception.GetType().Name, exception.Message, exception.ToString());
    }

    /// <summary>Type and message.</summary>
    public override string ToString() => $"{Type}: {Message}";
}
