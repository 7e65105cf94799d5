using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace AutoTune.MLNet;

/// <summary>The columns that a trainer reads.</summary>
internal sealed record TrainerColumns(string Label, string Features, string? Weight);

/// <summary>A trainer as a step: its space, then its options, then itself.</summary>
internal static class TrainerStep
{
    /// <param name="name">The step's name.</param>
    /// <param name="columns">What the trainer reads.</param>
    /// <param name="declare">Declares the space and gives the options of a configuration.</param>
    /// <param name="configure">The user's own settings; they come last, so they win.</param>
    /// <param name="create">Makes the trainer.</param>
    public static TunablePipeline Of<TOptions>(string name, TrainerColumns columns,
        Func<SearchSpaceBuilder, DataProfile, Func<Configuration, TOptions>> declare, Action<TOptions>? configure,
        Func<StepBuild, TOptions, IEstimator<ITransformer>> create)
        where TOptions : TrainerInputBaseWithWeight, new()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(columns.Label);
        ArgumentException.ThrowIfNullOrWhiteSpace(columns.Features);
        return new TunablePipeline(new PipelineStep(name, (space, data) =>
        {
            var optionsOf = declare(space, data);
            return build => create(build, TreeCount.Cut(Configured(optionsOf(build.Configuration), columns, configure), build.TreeShare));
        })
        {
            Labels = () => [new TrainerLabel(name, LabelOf(columns, configure), TreeCount.Has<TOptions>())],
        });
    }

    private static string LabelOf<TOptions>(TrainerColumns columns, Action<TOptions>? configure) where TOptions : TrainerInputBaseWithWeight, new()
    {
        try
        {
            return Configured(new TOptions(), columns, configure).LabelColumnName;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return columns.Label; // what the settings throw is reported when the step is made for the check
        }
    }

    private static TOptions Configured<TOptions>(TOptions options, TrainerColumns columns, Action<TOptions>? configure) where TOptions : TrainerInputBaseWithWeight
    {
        options.LabelColumnName = columns.Label;
        options.FeatureColumnName = columns.Features;
        options.ExampleWeightColumnName = columns.Weight;
        configure?.Invoke(options);
        return options;
    }
}
