using Microsoft.ML;

namespace AutoTune.MLNet;

/// <summary>Makes a fresh context for each fit: one that was cancelled is dead, and one that is kept grows.</summary>
/// <param name="user">The user's context, whose settings the fresh ones take over.</param>
internal sealed class FitContexts(MLContext user)
{
    public MLContext Create(int seed) => new(seed)
    {
        FallbackToCpu = user.FallbackToCpu,
        GpuDeviceId = user.GpuDeviceId,
        TempFilePath = user.TempFilePath,
    };

    /// <summary>Runs some work in a fresh context that the token cancels.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled, whatever ML.NET threw for it: an AggregateException, or something it tripped over.</exception>
    public T Run<T>(int seed, Func<MLContext, T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var context = Create(seed);
        // Without the method, a fit runs to its end and the cancellation is heeded after it.
        using var registration = cancellationToken.Register(() => MlContextInternals.CancelExecution?.Invoke(context));
        try
        {
            return work(context);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }
}
