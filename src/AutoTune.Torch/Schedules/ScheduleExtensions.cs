using AutoTune.Torch.Declaring;

namespace AutoTune;

/// <summary>Learning-rate schedules as hyperparameters.</summary>
public static class ScheduleExtensions
{
    /// <summary>Adds a learning-rate schedule: which one, and the hyperparameters of each, which exist only where it is chosen: <c>space.AddLearningRateSchedule("schedule", s => s.Cosine().OneCycle())</c>.</summary>
    /// <param name="space">Where to.</param>
    /// <param name="name">Its name, that of the choice; "schedule.Cosine.WarmUpShare" is the name of a hyperparameter of it.</param>
    /// <param name="choose">The schedules, the first being the default; of each it may say what is searched.</param>
    /// <param name="activeWhen">When it exists; null: always.</param>
    /// <exception cref="ArgumentException">There is none to choose from, or one is named twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting, or an end of its range, is out of what it may be.</exception>
    public static TunableSchedule AddLearningRateSchedule(this SearchSpaceBuilder space, string name, Func<ScheduleChoices, ScheduleChoices> choose, Condition? activeWhen = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        return new TunableSchedule(ScheduleChoices.Of(choose, name), new SpaceDeclaration(space, name, activeWhen));
    }

    /// <summary>A learning-rate schedule that is declared where it is used, for studies without <c>WithSearchSpace</c>: <c>trial.LearningRateSchedule("schedule", s => s.Cosine().OneCycle(), batches)</c>.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="name">Its name.</param>
    /// <param name="choose">The schedules, the first being the default; of each it may say what is searched.</param>
    /// <param name="stepsPerEpoch">The number of steps of an epoch, at least 1.</param>
    /// <exception cref="ArgumentException">There is none to choose from, or one is named twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting, or an end of its range, is out of what it may be.</exception>
    public static LearningRateSchedule LearningRateSchedule(this TorchTrial trial, string name, Func<ScheduleChoices, ScheduleChoices> choose, int stepsPerEpoch)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return new TunableSchedule(ScheduleChoices.Of(choose, name), new TrialDeclaration(trial, name)).Create(trial, stepsPerEpoch);
    }
}
