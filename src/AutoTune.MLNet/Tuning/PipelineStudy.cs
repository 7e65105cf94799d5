using System.Collections.Immutable;
using AutoTune.Execution;
using Microsoft.ML;

namespace AutoTune.MLNet;

/// <summary>Tunes a pipeline: reads the data, checks everything at the door, runs the study, refits the best.</summary>
internal static class PipelineStudy
{
    public static async Task<TunedModel<TMetrics>> RunAsync<TMetrics>(TunablePipeline pipeline, MLContext ml, IDataView trainSet,
        Func<PipelineTuning, PipelineTuning<TMetrics>> describe, string? name, CancellationToken cancellationToken)
    {
        var data = CachedData.Read(trainSet, "training");
        var space = new SearchSpaceBuilder();
        var labels = new LabelReader(data, pipeline);
        var declared = pipeline.Declare(space, new DataProfile(data.Rows, labels.Classes));
        var tuning = new PipelineTuning(name ?? DefaultName(space, data));
        var described = describe(tuning.WithSeed(MlContextInternals.SeedOf(ml)).UsePortfolio())
            ?? throw new ArgumentException("The description is null; return what the verbs return, as in tuning => tuning.Regression(\"Price\").ForTrials(60).", nameof(describe));
        described.WithSearchSpace(space);

        var splits = Check(described, declared, space, data, labels);
        var contexts = new FitContexts(ml);
        var settings = described.Evaluation;
        var study = await described.RunAsync(
            Objective(settings, new SplitEvaluation(declared, splits, settings, contexts, described.Time)), cancellationToken).ConfigureAwait(false);
        if (!study.HasBest) cancellationToken.ThrowIfCancellationRequested();

        var refit = new Refit(declared, study.BestConfiguration, data.View, settings, contexts, study.View.Seed);
        // A worker on its way to a later study has this one's result from its parent; it fits a model only if the program asks for one.
        if (!WorkerProcess.IsCurrent) refit.TryNow(cancellationToken);
        return new TunedModel<TMetrics>(study, refit, settings.Growth is null, (model, testSet) => described.Evaluate(contexts.Create(0), model.Transform(testSet)));
    }

    private static IObjective Objective(EvaluationSettings settings, SplitEvaluation evaluation)
        => settings.Growth is { } growth ? new GrowingObjective(evaluation, growth) : new PipelineObjective(evaluation);

    /// <summary>Checks what can be checked before a fit. Problems go to the study, which reports them all, with its own, when it is opened.</summary>
    private static ImmutableArray<TrainingSplit> Check<TMetrics>(
        PipelineTuning<TMetrics> tuning, DeclaredPipeline pipeline, SearchSpaceBuilder builder, CachedData data, LabelReader labels)
    {
        List<string> problems = [];
        var settings = tuning.Evaluation;
        if (settings.Measure is null) tuning.Demand(false, "it does not say what counts; say .Maximize(metrics => ...) or .Minimize(metrics => ...).");
        var splits = new SplitPlan(data, labels, settings, problems).Draw(new RandomSource(tuning.Seed).Fork("folds"));
        if (SpaceOf(builder) is { } space)
        {
            problems.AddRange(PipelineCheck.Problems(pipeline, space, data.View.Schema, "training", settings));
            if (problems.Count == 0 && settings.Resampling is Resampling.ValidationData validation)
                problems.AddRange(PipelineCheck.Problems(pipeline, space, validation.Data.Schema, "validation", settings));
            // Defaults that break a rule of the user's are no error: nobody asked for them.
            if (space.MeetsConstraints(space.Default)) tuning.TryDefaultsFirst();
        }

        if (settings.Growth is Growth.Trees && !pipeline.HasTrees)
            problems.Add("no trainer of the pipeline is known to have trees that could grow; use LightGbm, FastTree or FastForest of Tunable(), or say GrowSamples.");
        // Last of all verbs, since only now is it known how many splits there are. A scheduler looks at the steps when the study is opened.
        if (settings.Growth is { Steps: > 1 } growth) tuning.WithSamples(growth.Steps);
        else tuning.WithRepeats(Math.Max(1, splits.Length), canResume: true);
        tuning.EvaluatedBy(EvaluationText.Of(data, labels, settings, splits));
        foreach (var problem in problems) tuning.Demand(false, problem);
        return splits;
    }

    /// <summary>The space; null if it is not sound, which the study reports.</summary>
    private static SearchSpace? SpaceOf(SearchSpaceBuilder builder)
    {
        try
        {
            return builder.Build();
        }
        catch (SearchSpaceException)
        {
            return null;
        }
    }

    /// <summary>What is tuned and on how much: so that two pipelines, or two data sets, of one file are two studies.</summary>
    private static string DefaultName(SearchSpaceBuilder builder, CachedData data)
    {
        var parts = SpaceOf(builder)?.Hyperparameters.Where(h => h.ActiveWhen is null).Select(h => h.Name.Split('.')[0]).Distinct() ?? [];
        return FormattableString.Invariant($"{string.Join("+", parts.DefaultIfEmpty("pipeline"))} on {data.Rows} rows of {data.View.Schema.Count} columns");
    }
}
