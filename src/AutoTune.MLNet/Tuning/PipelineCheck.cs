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
        => Variants(space).SelectMany(variant => Problems(pipeline, variant, schema, data, settings)).Distinct(StringComparer.Ordinal);

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
        DeclaredPipeline pipeline, Configuration configuration, DataViewSchema schema, string data, EvaluationSettings settings)
    {
        SchemaShape? made;
        string? problem = null;
        try
        {
            var estimator = pipeline.Create(new StepBuild(new MLContext(0), configuration, settings.ThreadsPerTrial));
            made = MlContextInternals.ShapeOf(schema) is { } shape ? estimator.GetOutputSchema(shape) : null;
        }
        catch (StepException error)
        {
            made = null;
            problem = error.Message;
        }
        catch (Exception error) when (error is NotImplementedException or NotSupportedException)
        {
            made = null; // an estimator of the user's own that does not say what it makes
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            made = null;
            var reason = error.Message.Split(" (Parameter '")[0].TrimEnd('.'); // which parameter of ML.NET's it is tells the user nothing
            var columns = string.Join(", ", schema.Select(column => $"{column.Name} ({column.Type})"));
            problem = $"the pipeline does not go with the {data} data: {reason}. The data has {columns}.";
        }

        if (problem is not null) yield return problem;
        // A pipeline that cannot be followed leaves the raw columns to look at.
        if (settings.Label is { } label)
        {
            if (Find(made, label.Column) is { } found)
            {
                if (label.ProblemOf(found) is { } wrong) yield return wrong;
            }
            else if (schema.GetColumnOrNull(label.Column) is null && (made is not null || problem is not null))
            {
                yield return $"label column '{label.Column}' is not in the {data} data, nor made by the pipeline; "
                    + Nearest.Suggest(label.Column, [.. schema.Select(column => column.Name)]);
            }
        }

        if (made is not null && settings.Needs is { } needs && Find(made, needs.Column) is null)
            yield return $"the metric needs the column '{needs.Column}', which the pipeline does not make with ({configuration}); {needs.Remedy}.";
    }

    private static SchemaShape.Column? Find(SchemaShape? shape, string name)
    {
        foreach (var column in shape ?? Enumerable.Empty<SchemaShape.Column>())
        {
            if (column.Name == name) return column;
        }

        return null;
    }
}
