namespace AutoTune.Testing;

/// <summary>Something broke a law of its contract. The message says which, with what, and what was seen.</summary>
public sealed class ConformanceException : Exception
{
    /// <summary>A broken law.</summary>
    public ConformanceException(string message, Exception? innerException = null) : base(message, innerException) { }
}
