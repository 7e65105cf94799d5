using System.Diagnostics.CodeAnalysis;
using AutoTune.MLNet;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Text;

namespace AutoTune;

/// <summary>Transforms with their spaces. The defaults are ML.NET's own.</summary>
[SuppressMessage("Performance", "CA1822", Justification = "Found on an instance, like ML.NET's own catalogs.")]
public sealed class TunableTransforms
{
    internal static TunableTransforms Instance { get; } = new();

    private TunableTransforms() { }

    /// <summary>
    /// Text as n-grams: length of those of words (1 to 3), whether also of characters and how long (2 to 5), how they are weighted,
    /// whether punctuation and English stop words count.
    /// </summary>
    /// <param name="outputColumnName">The column that it makes, a vector of numbers.</param>
    /// <param name="inputColumnNames">The text columns; none: the output column's name.</param>
    public TunablePipeline FeaturizeText(string outputColumnName, params string[] inputColumnNames)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(outputColumnName);
        ArgumentNullException.ThrowIfNull(inputColumnNames);
        return Step("Text", space => TextSpace.Declare(space, outputColumnName, inputColumnNames));
    }

    /// <summary>How numbers are scaled: MinMax (the default), MeanVariance, LogMeanVariance, Binning, RobustScaling, or None.</summary>
    /// <param name="outputColumnName">The column that it makes.</param>
    /// <param name="inputColumnName">The column of numbers, scalar or vector; null: the output column's name.</param>
    public TunablePipeline Normalize(string outputColumnName, string? inputColumnName = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(outputColumnName);
        return Step("Normalize", space =>
        {
            var method = space.AddCategorical("Method", NormalizeMethods);
            return (ml, configuration) => Normalizer(ml.Transforms, configuration.Get(method), outputColumnName, inputColumnName ?? outputColumnName);
        });
    }

    /// <summary>How many bits the hash of a one-hot encoding has: 4 to 18, by default 16. Few bits mean fewer columns and more collisions.</summary>
    /// <param name="outputColumnName">The column that it makes.</param>
    /// <param name="inputColumnName">The column to encode; null: the output column's name.</param>
    public TunablePipeline OneHotHashEncoding(string outputColumnName, string? inputColumnName = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(outputColumnName);
        return Step("OneHotHash", space =>
        {
            var bits = space.AddInteger("NumberOfBits", 4, 18, defaultValue: 16);
            return (ml, configuration) => ml.Transforms.Categorical.OneHotHashEncoding(outputColumnName, inputColumnName, numberOfBits: configuration.Get(bits));
        });
    }

    /// <summary>What stands for a missing number: 0 (DefaultValue, the default), or the column's Mean, Minimum, Maximum or Mode.</summary>
    /// <param name="outputColumnName">The column that it makes.</param>
    /// <param name="inputColumnName">The column of numbers, scalar or vector; null: the output column's name.</param>
    public TunablePipeline ReplaceMissingValues(string outputColumnName, string? inputColumnName = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(outputColumnName);
        return Step("Missing", space =>
        {
            var mode = space.AddCategorical("Replacement",
            [
                MissingValueReplacingEstimator.ReplacementMode.DefaultValue, MissingValueReplacingEstimator.ReplacementMode.Mean,
                MissingValueReplacingEstimator.ReplacementMode.Minimum, MissingValueReplacingEstimator.ReplacementMode.Maximum,
                MissingValueReplacingEstimator.ReplacementMode.Mode,
            ]);
            return (ml, configuration) => ml.Transforms.ReplaceMissingValues(outputColumnName, inputColumnName, configuration.Get(mode));
        });
    }

    private static readonly string[] NormalizeMethods = ["MinMax", "MeanVariance", "LogMeanVariance", "Binning", "RobustScaling", "None"];

    private static IEstimator<ITransformer> Normalizer(TransformsCatalog transforms, string method, string output, string input) => method switch
    {
        "MinMax" => transforms.NormalizeMinMax(output, input),
        "MeanVariance" => transforms.NormalizeMeanVariance(output, input),
        "LogMeanVariance" => transforms.NormalizeLogMeanVariance(output, input),
        "Binning" => transforms.NormalizeBinning(output, input),
        "RobustScaling" => transforms.NormalizeRobustScaling(output, input),
        "None" => transforms.CopyColumns(output, input),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static TunablePipeline Step(string name, Func<SearchSpaceBuilder, Func<MLContext, Configuration, IEstimator<ITransformer>>> declare)
        => new(new PipelineStep(name, (space, _) =>
        {
            var create = declare(space);
            return build => create(build.Context, build.Configuration);
        }));
}
