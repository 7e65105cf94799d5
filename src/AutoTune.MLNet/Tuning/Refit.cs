using Microsoft.ML;

namespace AutoTune.MLNet;

/// <summary>The best configuration fitted on all training data: at once, or when the model is first asked for if the tuning was cancelled.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class Refit(DeclaredPipeline pipeline, Configuration configuration, IDataView data, EvaluationSettings settings, FitContexts contexts, long seed)
{
    private readonly Lock _lock = new();
    private ITransformer? _model;

    public Configuration Configuration => configuration;

    /// <summary>Fits unless the token is cancelled, before or meanwhile.</summary>
    public void TryNow(CancellationToken cancellationToken)
    {
        try
        {
            Model(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Whoever cancels wants the best so far now; the fit waits until somebody asks for the model.
        }
    }

    public ITransformer Model(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_model is not null) return _model;
            return _model = Fit(configuration, cancellationToken);
        }
    }

    /// <summary>Fits any configuration of the space, in a fresh context.</summary>
    public ITransformer Fit(Configuration other, CancellationToken cancellationToken)
        => contexts.Run(new RandomSource(seed).Fork("refit").NextSeed(),
            context => pipeline.Create(new StepBuild(context, other, settings.ThreadsPerTrial) { GroupColumn = settings.Resampling.Groups }).Fit(data), cancellationToken);
}
