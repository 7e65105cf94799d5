using System.Collections.Immutable;
using Microsoft.ML;

namespace AutoTune.MLNet;

/// <summary>A pipeline whose hyperparameters are declared in a space: makes and fits the estimators of a configuration.</summary>
internal sealed class DeclaredPipeline(ImmutableArray<DeclaredStep> steps)
{
    /// <summary>The pipeline of a configuration as one estimator.</summary>
    /// <exception cref="StepException">A step's estimator could not be made.</exception>
    public IEstimator<ITransformer> Create(StepBuild build)
    {
        if (steps.IsEmpty) throw new StepException("The pipeline is empty; append an estimator.", null);
        IEstimator<ITransformer>? chain = null;
        foreach (var step in steps)
        {
            var next = step.CreateFor(build);
            chain = chain is null ? next : chain.Append(next);
        }

        return chain!;
    }

    /// <summary>Fits the pipeline of a configuration for a short while: to be disposed after use.</summary>
    public FittedPipeline Fit(StepBuild build, IDataView data)
    {
        var fitted = new FittedPipeline();
        try
        {
            foreach (var step in steps)
            {
                var transformer = step.CreateFor(build).Fit(data);
                fitted.Add(transformer, step.OwnsTransformer);
                data = transformer.Transform(data);
            }

            return fitted;
        }
        catch
        {
            fitted.Dispose();
            throw;
        }
    }
}

/// <summary>A step whose hyperparameters are declared.</summary>
internal sealed record DeclaredStep(string Name, StepFactory Create, bool OwnsTransformer)
{
    public IEstimator<ITransformer> CreateFor(StepBuild build)
    {
        IEstimator<ITransformer>? estimator;
        try
        {
            estimator = Create(build);
        }
        catch (Exception error) when (error is not OperationCanceledException and not StepException)
        {
            throw new StepException($"Step {Name} of the pipeline could not be made from ({build.Configuration}): {error.Message}", error);
        }

        return estimator
            ?? throw new StepException($"Step {Name} of the pipeline gave null instead of an estimator for ({build.Configuration}); return an estimator.", null);
    }
}

/// <summary>A step's estimator could not be made.</summary>
internal sealed class StepException(string message, Exception? inner) : Exception(message, inner);
