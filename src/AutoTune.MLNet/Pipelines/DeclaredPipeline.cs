using System.Collections.Immutable;
using Microsoft.ML;

namespace AutoTune.MLNet;

/// <summary>A pipeline whose hyperparameters are declared in a space: makes and fits the estimators of a configuration.</summary>
/// <param name="steps">Its steps.</param>
/// <param name="labels">What the trainers at its end learn.</param>
/// <param name="hasTrees">Whether a trainer in it is made of trees.</param>
internal sealed class DeclaredPipeline(ImmutableArray<DeclaredStep> steps, Func<ImmutableArray<TrainerLabel>> labels, Func<bool> hasTrees)
{
    /// <summary>Whether a trainer in it, at its end or not, is made of trees whose number can be cut down.</summary>
    public bool HasTrees => hasTrees();

    /// <summary>What the trainers at its end learn.</summary>
    public ImmutableArray<TrainerLabel> Labels => labels();

    /// <summary>The pipeline of a configuration as one estimator.</summary>
    /// <exception cref="StepException">A step's estimator could not be made.</exception>
    public IEstimator<ITransformer> Create(StepBuild build)
    {
        var estimators = CreateEach(build);
        return estimators.Skip(1).Aggregate(estimators[0], (chain, next) => chain.Append(next));
    }

    /// <summary>The estimators of a configuration, one a step.</summary>
    /// <exception cref="StepException">A step's estimator could not be made.</exception>
    public ImmutableArray<IEstimator<ITransformer>> CreateEach(StepBuild build)
        => steps.IsEmpty ? throw new StepException("The pipeline is empty; append an estimator.", null) : [.. steps.Select(step => step.CreateFor(build))];

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
