using System.Collections.Immutable;
using Microsoft.ML;

namespace AutoTune.MLNet;

/// <summary>Looks, before anything is fitted, for what would make every trial fail: factories that throw, columns that are missing or of the wrong type.</summary>
internal static class PipelineCheck
{
    /// <summary>The problems, a sentence each.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="space">Its space.</param>
    /// <param name="schema">The data's columns.</param>
    /// <param name="data">Which data, for messages.</param>
    /// <param name="settings">The task.</param>
    public static IEnumerable<string> Problems(DeclaredPipeline pipeline, SearchSpace space, DataViewSchema schema, string data, EvaluationSettings settings)
    {
        // A trainer that learns another column explains most of what ML.NET would say of that column.
        var others = settings.Label is { } label ? pipeline.Labels.Where(learned => learned.Column != label.Column).Distinct().ToImmutableArray() : [];
        return others.Select(other => $"the trainer {other.Trainer} learns column '{other.Column}', but the task predicts '{settings.Label!.Column}'; give both the same label.")
            .Concat(Variants(space).SelectMany(variant => Problems(pipeline, variant, schema, data, settings, [.. others.Select(other => other.Column)])))
            .Distinct(StringComparer.Ordinal);
    }

    /// <summary>The defaults, and the defaults of each branch of a choice.</summary>
    private static IEnumerable<Configuration> Variants(SearchSpace space)
    {
        yield return space.Default;
        foreach (var parent in space.Hyperparameters.Where(h => h.ActiveWhen is null && space.Hyperparameters.Any(child => child.ActiveWhen?.Parent == h)))
        {
            foreach (var label in (parent.Domain as ChoiceDomain)?.Labels ?? [])
            {
                Configuration variant;
                try
                {
                    variant = space.Configure(set => set.Set(parent.Name, label));
                }
                catch (SearchSpaceException)
                {
                    continue; // a constraint forbids this branch with defaults: no way to look at it
                }

                yield return variant;
            }
        }
    }

    private static IEnumerable<string> Problems(
        DeclaredPipeline pipeline, Configuration configuration, DataViewSchema schema, string data, EvaluationSettings settings, ImmutableArray<string> explained)
    {
        SchemaShape? reached = null; // what there is before the step that goes wrong
        SchemaShape? made = null;
        string? problem = null;
        try
        {
            var estimators = pipeline.CreateEach(new StepBuild(new MLContext(0), configuration, settings.ThreadsPerTrial));
            reached = MlContextInternals.ShapeOf(schema);
            if (reached is not null)
            {
                foreach (var estimator in estimators) reached = estimator.GetOutputSchema(reached);
                made = reached;
            }
        }
        catch (StepException error)
        {
            problem = error.Message;
        }
        catch (Exception error) when (error is NotImplementedException or NotSupportedException)
        {
            // an estimator of the user's own that does not say what it makes
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            var reason = error.Message.Split(" (Parameter '")[0].TrimEnd('.'); // which parameter of ML.NET's it is tells the user nothing
            var columns = string.Join(", ", schema.Select(column => $"{column.Name} ({column.Type})"));
            problem = $"the pipeline does not go with the {data} data: {reason}. The data has {columns}.";
        }

        // Where the schema cannot be followed to its end, the label may be made later: it is judged only if it is what ML.NET complains of, and then
        // our sentence, which has a remedy, stands alone.
        bool Concerns(string column) => problem?.Contains($"'{column}'", StringComparison.Ordinal) == true;
        var labelProblem = settings.Label is not { } label ? null
            : made is not null ? LabelProblem(label, made, schema, data)
            : reached is not null && Concerns(label.Column) ? LabelProblem(label, reached, schema, data) : null;
        if (labelProblem is not null) yield return labelProblem;
        if (problem is not null && labelProblem is null && !explained.Any(Concerns)) yield return problem;

        if (made is not null && settings.Needs is { } needs && Find(made, needs.Column) is null)
            yield return $"the metric needs the column '{needs.Column}', which the pipeline does not make with ({configuration}); {needs.Remedy}.";
    }

    private static string? LabelProblem(LabelRule label, SchemaShape shape, DataViewSchema schema, string data)
        => Find(shape, label.Column) is { } found ? label.ProblemOf(found)
            : schema.GetColumnOrNull(label.Column) is not null ? null
            : $"label column '{label.Column}' is not in the {data} data, nor made by the pipeline; {Nearest.Suggest(label.Column, [.. schema.Select(column => column.Name)])}";

    private static SchemaShape.Column? Find(SchemaShape? shape, string name)
    {
        foreach (var column in shape ?? Enumerable.Empty<SchemaShape.Column>())
        {
            if (column.Name == name) return column;
        }

        return null;
    }
}
