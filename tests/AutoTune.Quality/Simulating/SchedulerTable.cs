using System.Collections.Immutable;
using AutoTune.Quality.Measuring;
using AutoTune.Quality.Problems;
using AutoTune.Scheduling;

namespace AutoTune.Quality.Simulating;

/// <summary>The schedulers that can be simulated, each with its default settings. A new one is one line.</summary>
internal static class SchedulerTable
{
    private static readonly ImmutableArray<(string Name, Func<StudyBuilder, StudyBuilder> Use)> Schedulers =
    [
        ("none", study => study),
        ("patience", study => study.UsePatience(5)),
        ("median", study => study.UseMedianRule()),
        ("percentile25", study => study.UsePercentileRule(25)),
        ("asha", study => study.UseAsha()),
        ("asha-promotion", study => study.UseAsha(new AshaOptions { Form = AshaForm.Promotion })),
        ("hyperband", study => study.UseHyperband()),
        ("prediction", study => study.UseCurvePrediction()),
        ("pasha", study => study.ForTrials(256).UsePasha()), // it ends when all have been started; as many as in its paper
        ("one-step", study => study.UseOneStep()),
        ("stop-early", study => study.StopEarly()),
        ("stop-early-timed", study => study.ForAtMost(TimeSpan.FromDays(45)).StopEarly()), // under a time limit a study begins with a whole trial
    ];

    // Schedulers that bring a tuner: the method is own+NAME.
    private static readonly ImmutableArray<(string Name, Func<StudyBuilder, StudyBuilder> Use)> WithTheirTuner =
    [
        ("bohb", study => study.UseBohb()),
        ("dehb", study => study.UseDehb()),
    ];

    /// <summary>All names.</summary>
    public static ImmutableArray<string> Names => [.. Schedulers.Concat(WithTheirTuner).Select(scheduler => scheduler.Name)];

    /// <summary>Whether a scheduler brings its tuner.</summary>
    public static bool BringsTuner(string name) => WithTheirTuner.Any(scheduler => scheduler.Name == name);

    /// <summary>Sets the scheduler of this name.</summary>
    public static StudyBuilder Use(StudyBuilder study, string name) => Schedulers.Concat(WithTheirTuner).First(scheduler => scheduler.Name == name).Use(study);
}

/// <summary>A tuner and a scheduler.</summary>
/// <param name="Tuner">A name of <see cref="TunerTable"/>, or <see cref="Own"/>.</param>
/// <param name="Scheduler">A name of <see cref="SchedulerTable"/>.</param>
internal sealed record Method(string Tuner, string Scheduler)
{
    /// <summary>Stands for the tuner that a scheduler brings.</summary>
    public const string Own = "own";

    /// <summary>Both: <c>tpe+none</c>.</summary>
    public override string ToString() => $"{Tuner}+{Scheduler}";

    /// <summary>Sets both.</summary>
    public StudyBuilder Use(StudyBuilder study) => SchedulerTable.Use(Tuner == Own ? study : study.Use(Tuner), Scheduler);

    /// <summary>The methods named, then each of the tuners with each of the schedulers.</summary>
    /// <exception cref="ProblemException">A tuner or a scheduler is unknown, or nothing is named.</exception>
    public static ImmutableArray<Method> Choose(ImmutableArray<string> methods, ImmutableArray<string> tuners, ImmutableArray<string> schedulers)
    {
        if (!methods.IsEmpty && tuners.IsEmpty && schedulers.IsEmpty) return [.. methods.Select(Parse).Distinct()];
        var crossed = from tuner in TunerTable.Choose(tuners.IsEmpty ? ["random"] : tuners)
                      from scheduler in schedulers.IsEmpty ? SchedulerTable.Names : schedulers
                      select Known(new(SchedulerTable.BringsTuner(scheduler) ? Own : tuner, scheduler));
        return [.. methods.Select(Parse).Concat(crossed).Distinct()];
    }

    /// <summary>Reads <c>TUNER+SCHEDULER</c>.</summary>
    /// <exception cref="ProblemException">It is not of this form, or a part is unknown.</exception>
    public static Method Parse(string text) => text.Split('+') is [var tuner, var scheduler]
        ? Known(new(tuner, scheduler))
        : throw new ProblemException($"Method '{text}' must be like tpe+none: a tuner and a scheduler.");

    private static Method Known(Method method)
    {
        if (!SchedulerTable.Names.Contains(method.Scheduler))
            throw new ProblemException($"There is no scheduler '{method.Scheduler}'; known are {string.Join(", ", SchedulerTable.Names)}.");
        if (SchedulerTable.BringsTuner(method.Scheduler))
            return method.Tuner == Own ? method : throw new ProblemException($"Scheduler '{method.Scheduler}' brings its tuner; say {Own}+{method.Scheduler}.");
        TunerTable.Choose([method.Tuner]);
        return method;
    }
}
