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
        ("pasha", study => study.UsePasha()),
        ("prediction", study => study.UseCurvePrediction()),
        ("one-step", study => study.UseOneStep()),
    ];

    /// <summary>All names.</summary>
    public static ImmutableArray<string> Names => [.. Schedulers.Select(scheduler => scheduler.Name)];

    /// <summary>Sets the scheduler of this name.</summary>
    public static StudyBuilder Use(StudyBuilder study, string name) => Schedulers.First(scheduler => scheduler.Name == name).Use(study);
}

/// <summary>A tuner and a scheduler.</summary>
/// <param name="Tuner">A name of <see cref="TunerTable"/>.</param>
/// <param name="Scheduler">A name of <see cref="SchedulerTable"/>.</param>
internal sealed record Method(string Tuner, string Scheduler)
{
    /// <summary>Both: <c>tpe+none</c>.</summary>
    public override string ToString() => $"{Tuner}+{Scheduler}";

    /// <summary>Sets both; the scheduler last, because some bring a tuner of their own.</summary>
    public StudyBuilder Use(StudyBuilder study) => SchedulerTable.Use(study.Use(Tuner), Scheduler);

    /// <summary>The methods named, then each of the tuners with each of the schedulers.</summary>
    /// <exception cref="ProblemException">A tuner or a scheduler is unknown, or nothing is named.</exception>
    public static ImmutableArray<Method> Choose(ImmutableArray<string> methods, ImmutableArray<string> tuners, ImmutableArray<string> schedulers)
    {
        if (!methods.IsEmpty && tuners.IsEmpty && schedulers.IsEmpty) return [.. methods.Select(Parse).Distinct()];
        var crossed = from tuner in TunerTable.Choose(tuners.IsEmpty ? ["random"] : tuners)
                      from scheduler in schedulers.IsEmpty ? SchedulerTable.Names : schedulers
                      select Known(new(tuner, scheduler));
        return [.. methods.Select(Parse).Concat(crossed).Distinct()];
    }

    /// <summary>Reads <c>TUNER+SCHEDULER</c>.</summary>
    /// <exception cref="ProblemException">It is not of this form, or a part is unknown.</exception>
    public static Method Parse(string text) => text.Split('+') is [var tuner, var scheduler]
        ? Known(new(tuner, scheduler))
        : throw new ProblemException($"Method '{text}' must be like tpe+none: a tuner and a scheduler.");

    private static Method Known(Method method)
    {
        TunerTable.Choose([method.Tuner]);
        return SchedulerTable.Names.Contains(method.Scheduler)
            ? method
            : throw new ProblemException($"There is no scheduler '{method.Scheduler}'; known are {string.Join(", ", SchedulerTable.Names)}.");
    }
}
