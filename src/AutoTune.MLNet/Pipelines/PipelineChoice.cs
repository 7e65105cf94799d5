using System.Collections.Immutable;

namespace AutoTune.MLNet;

/// <summary>A step that is one of several pipelines.</summary>
internal static class PipelineChoice
{
    public static PipelineStep Of(string name, ImmutableArray<(string Name, TunablePipeline Pipeline)> branches) => new(null, (space, data) =>
    {
        var choice = space.AddCategorical(name, [.. branches.Select(branch => branch.Name)]);
        var declared = new SortedDictionary<string, DeclaredPipeline>(StringComparer.Ordinal);
        foreach (var (branchName, pipeline) in branches)
        {
            // The branch's name is already the prefix: a trainer of that name repeats it not, or it would read "LightGbm.LightGbm".
            var inner = new TunablePipeline([.. pipeline.Steps.Select(step => step.Name == branchName ? step with { Name = null } : step)]);
            declared[branchName] = inner.Declare(space.Nest(branchName, choice.Is(branchName)), data);
        }

        return build => declared[build.Configuration.Get(choice)].Create(build);
    })
    {
        Labels = () => [.. branches.SelectMany(branch => branch.Pipeline.LastLabels())],
    };
}
