using AutoTune;

namespace Examples;

/// <summary>What a search cost.</summary>
internal static class EpochsSpent
{
    /// <summary>The epochs of all trials together: where trainings grow by beginning anew, each report is the end of one.</summary>
    /// <param name="study">The study.</param>
    /// <param name="lengths">Whether they do (<c>WithLengths</c>).</param>
    public static int By(StudyView study, bool lengths) => study.Trials.Sum(trial => lengths ? trial.Reports.Sum(report => report.Step) : trial.LastReport?.Step ?? 0);
}
