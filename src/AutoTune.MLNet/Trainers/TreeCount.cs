using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;

namespace AutoTune.MLNet;

/// <summary>The number of trees in a trainer's options.</summary>
internal static class TreeCount
{
    /// <summary>Whether a trainer with such options is made of trees.</summary>
    public static bool Has<TOptions>()
        => typeof(TOptions).IsAssignableTo(typeof(TreeOptions)) || typeof(TOptions) == typeof(LightGbmRegressionTrainer.Options)
            || typeof(TOptions) == typeof(LightGbmBinaryTrainer.Options) || typeof(TOptions) == typeof(LightGbmMulticlassTrainer.Options);

    /// <summary>Cuts the number of trees down to a share of it, rounded up; other trainers stay as they are.</summary>
    public static TOptions Cut<TOptions>(TOptions options, double share)
    {
        if (share < 1) Set(options, trees => Math.Max(1, (int)Math.Ceiling(trees * share - 1e-9)));
        return options;
    }

    /// <summary>Changes the number of trees; other trainers stay as they are.</summary>
    public static void Set<TOptions>(TOptions options, Func<int, int> change)
    {
        switch (options)
        {
            case TreeOptions trees:
                trees.NumberOfTrees = change(trees.NumberOfTrees);
                break;
            case LightGbmRegressionTrainer.Options trees:
                trees.NumberOfIterations = change(trees.NumberOfIterations);
                break;
            case LightGbmBinaryTrainer.Options trees:
                trees.NumberOfIterations = change(trees.NumberOfIterations);
                break;
            case LightGbmMulticlassTrainer.Options trees:
                trees.NumberOfIterations = change(trees.NumberOfIterations);
                break;
        }
    }
}
