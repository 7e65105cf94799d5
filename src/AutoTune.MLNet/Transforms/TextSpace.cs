using Microsoft.ML;
using Microsoft.ML.Transforms.Text;

namespace AutoTune.MLNet;

/// <summary>The space of text as n-grams; the defaults are those of ML.NET's options.</summary>
internal static class TextSpace
{
    public static Func<MLContext, Configuration, IEstimator<ITransformer>> Declare(SearchSpaceBuilder space, string output, string[] inputs)
    {
        var words = space.AddInteger("WordNgramLength", 1, 3, defaultValue: 2);
        var useCharacters = space.AddBoolean("UseCharacters", defaultValue: true);
        var characters = space.AddInteger("CharacterNgramLength", 2, 5, defaultValue: 3, activeWhen: useCharacters.Is(true));
        var weighting = space.AddCategorical("Weighting",
        [
            NgramExtractingEstimator.WeightingCriteria.Tf, NgramExtractingEstimator.WeightingCriteria.Idf, NgramExtractingEstimator.WeightingCriteria.TfIdf,
        ]);
        var keepPunctuation = space.AddBoolean("KeepPunctuation", defaultValue: true);
        var removeStopWords = space.AddBoolean("RemoveStopWords");
        return (ml, configuration) =>
        {
            var options = new TextFeaturizingEstimator.Options { KeepPunctuations = configuration.Get(keepPunctuation) };
            options.WordFeatureExtractor.NgramLength = configuration.Get(words);
            options.WordFeatureExtractor.Weighting = configuration.Get(weighting);
            if (configuration.TryGet(characters, out var length))
            {
                options.CharFeatureExtractor.NgramLength = length;
                options.CharFeatureExtractor.Weighting = configuration.Get(weighting);
            }
            else
            {
                options.CharFeatureExtractor = null;
            }

            if (configuration.Get(removeStopWords)) options.StopWordsRemoverOptions = new StopWordsRemovingEstimator.Options();
            return ml.Transforms.Text.FeaturizeText(output, options, inputs.Length == 0 ? [output] : inputs);
        };
    }
}
