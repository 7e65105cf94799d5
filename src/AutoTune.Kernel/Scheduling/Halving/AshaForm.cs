namespace AutoTune.Scheduling;

/// <summary>The two forms of asynchronous successive halving.</summary>
public enum AshaForm
{
    /// <summary>
    /// A trial runs on until it comes to a rung and is not among the best share of those that came there before it: then it is stopped. Needs nothing
    /// of the objective but reports (as Optuna's successive halving).
    /// </summary>
    Stopping,

    /// <summary>
    /// A trial is paused at every rung; a free slot resumes the best paused trial that is among the best share of its rung, or else starts a new
    /// one. Spends the least, and needs an objective that resumes from its checkpoint (Li and others 2020, algorithm 2).
    /// </summary>
    Promotion,
}
