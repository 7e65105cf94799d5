using AutoTune.Execution;
using AutoTune.Journals;
using AutoTune.Scheduling;
using AutoTune.Tuning;

namespace AutoTune.Studies;

/// <summary>What a <see cref="StudyBuilder"/> has gathered, with the defaults.</summary>
internal sealed class StudySettings(string name)
{
    public string Name { get; } = name;

    public List<string> Problems { get; } = [];

    public Func<SearchSpace>? Space { get; set; }

    public Goal? Goal { get; set; }

    public List<Requirement> Requirements { get; } = [];

    public long Seed { get; set; }

    public string TunerName { get; set; } = "random";

    public TunerFactory Tuner { get; set; } = (space, _) => new RandomTuner(space);

    public TrialSteps? Steps { get; set; }

    public SchedulerFactory Scheduler { get; set; } = _ => new RunToCompletion();

    /// <summary>What is wrong with the scheduler's definition, asked when all is said.</summary>
    public Func<IEnumerable<string>> SchedulerProblems { get; set; } = () => [];

    /// <summary>After how many steps the scheduler takes a trial for a whole one, where that was said to its verb; null: the study's steps.</summary>
    public int? MaxBudget { get; set; }

    /// <summary>Rules that stop trials, whatever the scheduler.</summary>
    public List<Func<ITrialRule>> Rules { get; } = [];

    /// <summary>Whether the scheduler holds for good once it has what it wants.</summary>
    public bool SchedulerEnds { get; set; }

    public JournalFactory Journal { get; set; } = _ => new MemoryJournal();

    public ExecutorFactory? Executor { get; set; }

    public WorkerSettings? Workers { get; set; }

    public int Slots { get; set; } = 1;

    public int? TrialLimit { get; set; }

    public TimeSpan? TimeLimit { get; set; }

    public List<IStopRule> StopRules { get; } = [];

    public List<Action<ConfigurationBuilder>> KnownPoints { get; } = [];

    public List<IStudyObserver> Observers { get; } = [];

    public int MaxAttempts { get; set; } = 3;

    public Func<Exception, bool> IsRetryable { get; set; } = error => error is IOException or TimeoutException;

    public int MaxFailuresInARow { get; set; } = 10;

    public bool RepeatsConfigurations { get; set; }

    public string Evaluation { get; set; } = "";

    public string? ArtifactDirectory { get; set; }

    public long? ArtifactLimit { get; set; }

    /// <summary>How many of the best trials keep their files; null: all.</summary>
    public int? ArtifactsKept { get; set; }

    /// <summary>Whether the tuner runs out of proposals by itself.</summary>
    public bool TunerEnds { get; set; }

    public TimeProvider Time { get; set; } = TimeProvider.System;
}
