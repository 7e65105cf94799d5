using System.Collections.Immutable;
using AutoTune.MLNet;
using Microsoft.ML;

namespace AutoTune;

/// <summary>An ML.NET pipeline, some of whose parts can be tuned: a trainer, a transform, or any estimator made from a configuration.</summary>
/// <remarks>
/// Immutable and thread-safe. Begin one with <c>estimator.AppendTunable(...)</c>, <c>ml.Regression.Trainers.Tunable()</c>,
/// <c>ml.Transforms.Tunable()</c> or <c>TunablePipeline.From(ml => ...)</c>. A fixed estimator keeps the <see cref="MLContext"/> that it was
/// made with, so fitting it cannot be interrupted; tunable parts and those given as <c>ml => ...</c> are made anew for each fit, from a context
/// that can be cancelled.
/// </remarks>
public sealed class TunablePipeline
{
    internal TunablePipeline(params ImmutableArray<PipelineStep> steps) => Steps = steps;

    internal ImmutableArray<PipelineStep> Steps { get; }

    /// <summary>The name that tells it from others in a choice: the last tunable part's.</summary>
    internal string? Name => Steps.LastOrDefault(step => step.Name is not null)?.Name;

    /// <summary>A pipeline that begins with an estimator that each fit makes from its own context.</summary>
    public static TunablePipeline From(Func<MLContext, IEstimator<ITransformer>> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return new TunablePipeline(PipelineStep.Of(create));
    }

    /// <summary>A pipeline that begins with a part of your own: declare its hyperparameters, and give what makes its estimator of a configuration.</summary>
    /// <param name="declare">
    /// Such as <c>space => { var k = space.AddInteger("k", 1, 9); return (ml, configuration) => MyEstimator(ml, configuration.Get(k)); }</c>.
    /// Use the context that is handed in: then cancellation reaches the estimator. Set its number of threads, 1 is best when trials run side by side.
    /// </param>
    public static TunablePipeline From(Func<SearchSpaceBuilder, Func<MLContext, Configuration, IEstimator<ITransformer>>> declare)
    {
        ArgumentNullException.ThrowIfNull(declare);
        return new TunablePipeline(new PipelineStep(null, (space, _) =>
        {
            var create = declare(space) ?? throw new InvalidOperationException("A tunable part's declaration returned null; return (ml, configuration) => estimator.");
            return build => create(build.Context, build.Configuration);
        }));
    }

    /// <summary>One of several pipelines: the choice becomes a hyperparameter, and a branch's own hyperparameters exist only when it is chosen.</summary>
    /// <param name="name">The name of the choice.</param>
    /// <param name="branches">The branches by their names; the first is the default.</param>
    /// <exception cref="ArgumentException">There is no branch, or two have the same name.</exception>
    public static TunablePipeline AnyOf(string name, params (string Name, TunablePipeline Pipeline)[] branches)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(branches);
        if (branches.Length == 0) throw new ArgumentException($"The choice '{name}' has no branches; give at least one.", nameof(branches));
        foreach (var twice in branches.GroupBy(branch => branch.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            throw new ArgumentException($"The choice '{name}' has {twice.Count()} branches named '{twice.Key}'; give each a name of its own: "
                + "TunablePipeline.AnyOf(name, (\"a\", ...), (\"b\", ...)).", nameof(branches));
        }

        return new TunablePipeline(PipelineChoice.Of(name, [.. branches]));
    }

    /// <summary>This pipeline with a fixed estimator behind it. The estimator keeps the context that it was made with.</summary>
    public TunablePipeline Append(IEstimator<ITransformer> estimator)
    {
        ArgumentNullException.ThrowIfNull(estimator);
        return new TunablePipeline(Steps.Add(PipelineStep.Of(estimator)));
    }

    /// <summary>This pipeline with an estimator behind it that each fit makes from its own context.</summary>
    public TunablePipeline Append(Func<MLContext, IEstimator<ITransformer>> create) => AppendTunable(From(create));

    /// <summary>This pipeline with another behind it.</summary>
    public TunablePipeline AppendTunable(TunablePipeline next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return new TunablePipeline(Steps.AddRange(next.Steps));
    }

    /// <summary>This pipeline with a part of your own behind it.</summary>
    /// <inheritdoc cref="From(Func{SearchSpaceBuilder, Func{MLContext, Configuration, IEstimator{ITransformer}}})"/>
    public TunablePipeline AppendTunable(Func<SearchSpaceBuilder, Func<MLContext, Configuration, IEstimator<ITransformer>>> declare)
        => AppendTunable(From(declare));

    /// <summary>What the trainers at its end learn: a step behind a trainer may turn its predictions into those of another column, as from logarithms back.</summary>
    internal ImmutableArray<TrainerLabel> LastLabels() => Steps.IsEmpty ? [] : Steps[^1].Labels();

    /// <summary>Declares everything that can be tuned; the result makes estimators.</summary>
    internal DeclaredPipeline Declare(SearchSpaceBuilder space, DataProfile data)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var declared = ImmutableArray.CreateBuilder<DeclaredStep>();
        foreach (var step in Steps)
        {
            var name = step.Name;
            for (var number = 2; name is not null && !taken.Add(name); number++) name = $"{step.Name}{number}";
            var factory = step.Declare(name is null ? space : space.Nest(name), data);
            declared.Add(new DeclaredStep(name ?? $"number {declared.Count + 1}", factory, step.OwnsTransformer));
        }

        return new DeclaredPipeline(declared.ToImmutable(), LastLabels, () => Steps.Any(step => step.Labels().Any(label => label.HasTrees)));
    }
}
