using System.Collections.Immutable;
using AutoTune.Studies;
using AutoTune.Tuning;

namespace AutoTune;

/// <summary>Describes a study: its space, goal, tuner, scheduler, limits and where it is kept. The verbs are extension methods.</summary>
/// <remarks>
/// Packages add verbs as <c>static T UseX&lt;T&gt;(this T study, ...) where T : StudyBuilder</c>, so that a derived builder keeps its type.
/// Problems are gathered and reported all at once when the study is opened. Not thread-safe.
/// </remarks>
public class StudyBuilder
{
    /// <summary>A study of this name. The name tells studies of one file apart, and resumes the study that has it.</summary>
    public StudyBuilder(string name) => Settings = new StudySettings(name);

    /// <summary>Another view of the same description, for builders with verbs of their own.</summary>
    protected StudyBuilder(StudyBuilder same)
    {
        ArgumentNullException.ThrowIfNull(same);
        Settings = same.Settings;
    }

    /// <summary>The study's name.</summary>
    public string Name => Settings.Name;

    /// <summary>The seed of all its randomness, as set so far.</summary>
    public long Seed => Settings.Seed;

    /// <summary>Its clock, as set so far.</summary>
    public TimeProvider Time => Settings.Time;

    /// <summary>How many trials run at a time, as set so far.</summary>
    public int Slots => Settings.Workers?.Workers ?? Settings.Slots;

    /// <summary>Whether it was said where trials run: in worker processes, or by an executor of your own.</summary>
    public bool HasExecutor => Settings.Executor is not null || Settings.Workers is not null;

    /// <summary>The name of its tuner, as set so far.</summary>
    public string TunerName => Settings.TunerName;

    /// <summary>How its tuner is made, as set so far: for tuners that are made of others.</summary>
    public TunerFactory Tuner => Settings.Tuner;

    /// <summary>After how many trials in all it ends, as set so far; null: no such limit.</summary>
    public int? TrialLimit => Settings.TrialLimit;

    /// <summary>After what time a run of it ends, as set so far; null: no such limit.</summary>
    public TimeSpan? TimeLimit => Settings.TimeLimit;

    /// <summary>What the steps of a trial are, as said so far; null: nothing was said.</summary>
    public TrialSteps? Steps => Settings.Steps;

    /// <summary>The rules that may end it besides its limits, as set so far.</summary>
    public ImmutableArray<IStopRule> StopRules => [.. Settings.StopRules];

    internal StudySettings Settings { get; }
}
