using System.Collections.Immutable;
using AutoTune.Analysis.Importance;

namespace AutoTune;

/// <summary>Which hyperparameters of a study mattered.</summary>
public static class ImportanceExtensions
{
    /// <summary>How much each hyperparameter decided whether a trial came out among the good ones, the most important first.</summary>
    /// <param name="study">The study.</param>
    /// <returns>
    /// A share for each hyperparameter of the space, summing to 1. Empty if there is nothing to say: fewer than 16 trials completed, or no hyperparameter tells the good trials from the others.
    /// </returns>
    /// <remarks>
    /// PED-ANOVA (Watanabe, Bansal, Hutter 2023, arXiv:2304.10255): good are the best quarter of the trials, eight at least; a hyperparameter
    /// matters as far as its values are more concentrated among the good than among all. Once a search has closed in on its best
    /// configuration, all that matter at all come out much alike. A hyperparameter that is only there under a
    /// condition is judged among the trials that have it, and weighted by how many of the good have it. Trials that were stopped early count as
    /// not good, failed ones not at all. The answer is the same each time.
    /// </remarks>
    public static ImmutableArray<HyperparameterImportance> Importance(this StudyView study)
    {
        ArgumentNullException.ThrowIfNull(study);
        return ImportanceAnalysis.Of(study);
    }
}
