namespace AutoTune.Tuners.CmaEs;

/// <summary>What follows when a run of CMA-ES no longer gets anywhere. Every new run begins at a random point.</summary>
public enum CmaEsRestarts
{
    /// <summary>The run goes on.</summary>
    None,

    /// <summary>Runs with twice the population of the one before (Auger and Hansen 2005).</summary>
    Ipop,

    /// <summary>As <see cref="Ipop"/>, and small runs with smaller steps in between, each kind given the same number of trials (Hansen 2009).</summary>
    Bipop,
}
