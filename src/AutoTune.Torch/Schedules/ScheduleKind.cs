using AutoTune.Torch.Declaring;

namespace AutoTune.Torch.Schedules;

/// <summary>A kind of schedule: its name and its hyperparameters.</summary>
/// <param name="Name">The name in the space.</param>
/// <param name="Declare">Declares its hyperparameters and gives the schedule of a configuration over a number of steps.</param>
internal sealed record ScheduleKind(string Name, Func<IDeclaration, Func<Configuration, int, LearningRateSchedule>> Declare);
