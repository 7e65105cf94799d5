using System.Collections.Immutable;
using Microsoft.ML;

namespace AutoTune.MLNet;

/// <summary>A piece of a pipeline.</summary>
/// <param name="Name">What its hyperparameters' names begin with; null for none.</param>
/// <param name="Declare">Declares its hyperparameters and gives what makes its estimator.</param>
internal sealed record PipelineStep(string? Name, StepDeclaration Declare)
{
    /// <summary>Whether nothing of it can be tuned.</summary>
    public bool IsFixed { get; private init; }

    /// <summary>
    /// Whether each fit makes its own estimator. If not, its transformer may be the estimator's own, shared by all fits, as that of an ONNX
    /// model is, and must not be disposed.
    /// </summary>
    public bool OwnsTransformer { get; private init; } = true;

    /// <summary>What trainers within it learn, as far as that is known; asked late, since a user's own settings have the last word.</summary>
    public Func<ImmutableArray<TrainerLabel>> Labels { get; init; } = () => [];

    /// <summary>A user's estimator as it is.</summary>
    public static PipelineStep Of(IEstimator<ITransformer> estimator)
        => new(null, (_, _) => _ => estimator) { IsFixed = true, OwnsTransformer = false };

    /// <summary>An estimator that each fit makes from its own context.</summary>
    public static PipelineStep Of(Func<MLContext, IEstimator<ITransformer>> create)
        => new(null, (_, _) => build => create(build.Context)) { IsFixed = true };
}

/// <summary>The column that a trainer learns to predict.</summary>
/// <param name="Trainer">The trainer's name.</param>
/// <param name="Column">The column.</param>
/// <param name="HasTrees">Whether it is made of trees, whose number can be cut down.</param>
internal sealed record TrainerLabel(string Trainer, string Column, bool HasTrees);

/// <summary>Declares the hyperparameters of a step in a space and gives what makes its estimator.</summary>
internal delegate StepFactory StepDeclaration(SearchSpaceBuilder space, DataProfile data);

/// <summary>Makes the estimator of a step.</summary>
internal delegate IEstimator<ITransformer> StepFactory(StepBuild build);

/// <summary>What a step's estimator is made of.</summary>
/// <param name="Context">The fit's own context.</param>
/// <param name="Configuration">The trial's configuration.</param>
/// <param name="Threads">How many threads a trainer may use.</param>
internal sealed record StepBuild(MLContext Context, Configuration Configuration, int Threads)
{
    /// <summary>The share of its trees that a trainer is to make do with; 1: all.</summary>
    public double TreeShare { get; init; } = 1;

    /// <summary>Rows with the same value here are not to be torn apart by a trainer that holds some out; null: no groups.</summary>
    public string? GroupColumn { get; init; }
}
