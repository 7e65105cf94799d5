namespace AutoTune;

/// <summary>Turns Ctrl-C into a cancellation: the first ends the study with the best so far, the second ends the process.</summary>
/// <example>
/// <code>
/// using var ctrlC = new ConsoleCancellation();
/// var result = await Tune.Study("digits").ForTrials(60).RunAsync(objective, ctrlC.Token);
/// </code>
/// </example>
/// <remarks>Thread-safe. After <see cref="Dispose"/> Ctrl-C ends the process again.</remarks>
public sealed class ConsoleCancellation : IDisposable
{
    private readonly CancellationTokenSource _source = new();

    /// <summary>Listens to Ctrl-C from now on.</summary>
    public ConsoleCancellation()
    {
        Token = _source.Token;
        Console.CancelKeyPress += OnPress;
    }

    /// <summary>Cancelled by the first Ctrl-C.</summary>
    public CancellationToken Token { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Console.CancelKeyPress -= OnPress;
        _source.Dispose();
    }

    /// <summary>Whether the process is to live on.</summary>
    internal bool Press()
    {
        lock (_source)
        {
            if (Token.IsCancellationRequested) return false;
            // Not on the terminal's thread: what is registered on the token may take its time.
            _ = _source.CancelAsync();
            return true;
        }
    }

    private void OnPress(object? sender, ConsoleCancelEventArgs press)
    {
        if (press.SpecialKey == ConsoleSpecialKey.ControlC) press.Cancel = Press();
    }
}
