using AutoTune.Torch.Declaring;

namespace AutoTune;

/// <summary>A learning-rate schedule whose kind and hyperparameters are searched: made by <c>space.AddLearningRateSchedule</c>.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class TunableSchedule
{
    private readonly Func<Configuration, string> _kind;
    private readonly Dictionary<string, Func<Configuration, int, LearningRateSchedule>> _schedules = [];

    internal TunableSchedule(ScheduleChoices choices, IDeclaration declaration)
    {
        _kind = declaration.Choice([.. choices.Kinds.Select(kind => kind.Name)]);
        foreach (var kind in choices.Kinds)
        {
            if (declaration.Of(kind.Name) is { } own) _schedules[kind.Name] = kind.Declare(own);
        }

        Kind = (declaration as SpaceDeclaration)?.ChoiceHandle;
    }

    /// <summary>Which schedule, as a hyperparameter: "Constant", "WarmUp", "Linear", "Cosine", "Trapezoid" or "OneCycle"; null where there is one only.</summary>
    public Hyperparameter<string>? Kind { get; }

    /// <summary>The schedule of a configuration.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="totalSteps">The number of steps of a whole training, at least 1.</param>
    public LearningRateSchedule Create(Configuration configuration, int totalSteps)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return _schedules[_kind(configuration)](configuration, totalSteps);
    }

    /// <summary>The schedule of the trial's configuration, over the epochs of a whole training: also where its scheduler lets it train fewer at first.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="stepsPerEpoch">The number of steps of an epoch, at least 1.</param>
    public LearningRateSchedule Create(TorchTrial trial, int stepsPerEpoch)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return Create(trial.Configuration, checked(trial.WholeEpochCount * stepsPerEpoch));
    }
}
