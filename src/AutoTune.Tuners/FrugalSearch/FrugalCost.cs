namespace AutoTune.Tuners.FrugalSearch;

/// <summary>What a trial costs <see cref="FrugalSearchExtensions.UseFrugalSearch{T}"/>.</summary>
public enum FrugalCost
{
    /// <summary>
    /// Its duration where the study has a time limit when it is opened, else 1: a study that is limited by its trials alone proposes the
    /// same on any machine.
    /// </summary>
    Automatic,

    /// <summary>One trial costs as much as any other.</summary>
    Trials,

    /// <summary>From its start to its end. Times differ from run to run, and the proposals with them.</summary>
    Duration,
}
