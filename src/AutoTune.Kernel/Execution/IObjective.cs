namespace AutoTune.Execution;

/// <summary>What is tuned: evaluates a configuration.</summary>
public interface IObjective
{
    /// <summary>Evaluates the trial's configuration and returns the value of the goal's metric.</summary>
    /// <param name="trial">The configuration, and the way to report.</param>
    /// <param name="cancellationToken">Cancelled when the study ends before the trial does; then end soon with <see cref="OperationCanceledException"/>.</param>
    ValueTask<TrialValues> EvaluateAsync(ITrialContext trial, CancellationToken cancellationToken);
}

/// <summary>A function as an objective.</summary>
internal sealed class FunctionObjective(Func<ITrialContext, CancellationToken, ValueTask<TrialValues>> evaluate) : IObjective
{
    public ValueTask<TrialValues> EvaluateAsync(ITrialContext trial, CancellationToken cancellationToken) => evaluate(trial, cancellationToken);
}
