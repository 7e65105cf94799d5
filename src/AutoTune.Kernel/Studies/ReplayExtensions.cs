using AutoTune.Scheduling;

namespace AutoTune;

/// <summary>The verb that trains by a recorded schedule.</summary>
public static class ReplayExtensions
{
    /// <summary>
    /// Trains one trial by a schedule, such as <c>result.Best.Schedule</c> of population based training: it begins with the first configuration, is paused
    /// where the schedule changes, and goes on with the next. An objective that computes the same from the same checkpoint gives the same loss again.
    /// </summary>
    /// <param name="study">The study, over the space that the schedule comes from. Its objective honours <c>Budget</c> and <c>ResumeAfterStep</c>.</param>
    /// <param name="schedule">The schedule.</param>
    /// <param name="steps">After how many steps the training ends; null: as <c>WithEpochs</c> says, or when the objective ends it.</param>
    public static T UseSchedule<T>(this T study, TrialSchedule schedule, int? steps = null) where T : StudyBuilder
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return study.TryFirst(first =>
            {
                foreach (var value in schedule.Segments[0].Configuration.Values) first.Set(value.Hyperparameter.Name, value.Value);
            })
            .UseScheduler(_ => new ReplayScheduler(schedule, steps ?? study.Steps?.Count), () => Problems(study, schedule), ends: true);
    }

    private static IEnumerable<string> Problems(StudyBuilder study, TrialSchedule schedule)
    {
        if (schedule.Segments.Length == 1 || study.Steps is not { } steps) yield break;
        if (steps.Kind is StepKind.Samples or StepKind.Lengths)
        {
            yield return $"UseSchedule pauses the training where its schedule changes and goes on from its checkpoint, but growing {steps.Kind.ToString().ToLowerInvariant()} begin anew; "
                + FormattableString.Invariant($"say WithEpochs({steps.Count}, canResume: true) if the objective goes on from its checkpoint.");
        }
        else if (!steps.CanResume)
        {
            yield return FormattableString.Invariant($"UseSchedule pauses the training where its schedule changes, but the study's {steps.Count} {steps.Kind.ToString().ToLowerInvariant()} were said without canResume; ")
                + FormattableString.Invariant($"say WithEpochs({steps.Count}, canResume: true) if the objective goes on from its checkpoint.");
        }
    }
}
