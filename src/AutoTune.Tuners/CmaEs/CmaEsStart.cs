namespace AutoTune.Tuners.CmaEs;

/// <summary>Where the first run of CMA-ES begins.</summary>
public enum CmaEsStart
{
    /// <summary>At the default configuration, which is also the first proposal.</summary>
    Default,

    /// <summary>
    /// At the best of the known points and of the user's own trials that ended before the first proposal did; at the default
    /// configuration where there is none.
    /// </summary>
    BestGiven,
}
