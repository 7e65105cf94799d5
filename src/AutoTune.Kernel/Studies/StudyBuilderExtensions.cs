using AutoTune.Execution;
using AutoTune.Journals;
using AutoTune.Scheduling;
using AutoTune.Studies;
using AutoTune.Tuning;

namespace AutoTune;

/// <summary>The verbs of a <see cref="StudyBuilder"/>: what is searched, for what, how long, by which parts.</summary>
public static class StudyBuilderExtensions
{
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(49); // what a timer can wait

    /// <summary>What the study may vary. Without this the objective declares its space itself (<c>trial.Real("lr", ...)</c>).</summary>
    public static T WithSearchSpace<T>(this T study, SearchSpaceBuilder space) where T : StudyBuilder
    {
        ArgumentNullException.ThrowIfNull(space);
        return study.Set(settings => settings.Space = space.Build);
    }

    /// <summary>What the study may vary. Without this the objective declares its space itself (<c>trial.Real("lr", ...)</c>).</summary>
    public static T WithSearchSpace<T>(this T study, SearchSpace space) where T : StudyBuilder
    {
        ArgumentNullException.ThrowIfNull(space);
        return study.Set(settings => settings.Space = () => space);
    }

    /// <summary>Lower values of the metric are better. The metric's name is for people. The default is to minimise "loss".</summary>
    public static T Minimize<T>(this T study, string metric) where T : StudyBuilder => study.WithGoal(metric, isMaximized: false);

    /// <summary>Higher values of the metric are better. The metric's name is for people.</summary>
    public static T Maximize<T>(this T study, string metric) where T : StudyBuilder => study.WithGoal(metric, isMaximized: true);

    /// <summary>
    /// Demands a bound for a figure that only an evaluation can tell, such as a latency, a size, or the recall of one class. The best trial
    /// is then the best of those that meet every requirement, and model-based tuners learn where they are met.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="metric">The figure's name among the <see cref="TrialValues.Metrics"/> that the objective returns; a trial without it fails.</param>
    /// <param name="atMost">The largest value that is accepted; null: none.</param>
    /// <param name="atLeast">The smallest value that is accepted; null: none.</param>
    public static T Require<T>(this T study, string metric, double? atMost = null, double? atLeast = null) where T : StudyBuilder
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(metric);
        return study
            .Demand(atMost is not null || atLeast is not null, $"the requirement on '{metric}' has no bound; say atMost or atLeast.")
            .Demand(double.IsFinite(atMost ?? 0) && double.IsFinite(atLeast ?? 0), $"the requirement on '{metric}' has a bound that is not finite; give a number.")
            .Demand(!(atLeast > atMost), FormattableString.Invariant($"the requirement on '{metric}' can never be met: at least {atLeast} and at most {atMost}."))
            .Set(settings =>
            {
                if (atMost is { } upper) settings.Requirements.Add(new Requirement(metric, upper, IsAtMost: true));
                if (atLeast is { } lower) settings.Requirements.Add(new Requirement(metric, lower, IsAtMost: false));
            });
    }

    /// <summary>The seed of all randomness; 0 by default. Same seed, one slot: same study.</summary>
    public static T WithSeed<T>(this T study, long seed) where T : StudyBuilder => study.Set(settings => settings.Seed = seed);

    /// <summary>How many trials run at a time; 1 by default. Takes effect with the in-process executor.</summary>
    public static T WithSlots<T>(this T study, int slots) where T : StudyBuilder
        => study.Demand(slots >= 1, $"slots {slots} must be at least 1; 1 runs one trial at a time.").Set(settings => settings.Slots = slots);

    /// <summary>Ends the study after this many trials in all, those of earlier runs included.</summary>
    public static T ForTrials<T>(this T study, int trials) where T : StudyBuilder
        => study.Demand(trials >= 1, $"trials {trials} must be at least 1; leave ForTrials out to search until another limit.")
            .Set(settings => settings.TrialLimit = trials);

    /// <summary>
    /// Ends the study after this time, and interrupts the trials that are then running; earlier runs of a resumed study do not count.
    /// The first trial of a study is let finish, so that there is a result.
    /// </summary>
    public static T ForAtMost<T>(this T study, TimeSpan time) where T : StudyBuilder
        => study.Demand(time > TimeSpan.Zero && time <= LongestTime,
            FormattableString.Invariant($"time {time} must be above 0 and at most {LongestTime.TotalDays} days; leave ForAtMost out to search until another limit."))
            .Set(settings => settings.TimeLimit = time);

    /// <summary>Ends the study when the best value is at least as good as this.</summary>
    public static T UntilValue<T>(this T study, double value) where T : StudyBuilder
        => study.Demand(!double.IsNaN(value), "the target value is NaN; give a number.").StopWhen(new TargetValue(value));

    /// <summary>Ends the study when this many trials in a row have brought nothing better.</summary>
    public static T UntilNoImprovementFor<T>(this T study, int trials) where T : StudyBuilder
        => study.Demand(trials >= 1, $"trials without improvement {trials} must be at least 1.").StopWhen(new NoImprovement(trials));

    /// <summary>Adds a rule of your own.</summary>
    public static T StopWhen<T>(this T study, IStopRule rule) where T : StudyBuilder
    {
        ArgumentNullException.ThrowIfNull(rule);
        return study.Set(settings => settings.StopRules.Add(rule));
    }

    /// <summary>Adds a rule of your own: a function that says why to stop, or null to go on.</summary>
    /// <param name="study">The study.</param>
    /// <param name="reasonToStop">The function, of the study as of now and the time since this run of it began.</param>
    /// <param name="needsResult">Whether it is asked only once a trial has completed. By default not: schedulers that pause trials then begin with a whole one, see <see cref="IStopRule.NeedsResult"/>.</param>
    public static T StopWhen<T>(this T study, Func<StudyView, TimeSpan, string?> reasonToStop, bool needsResult = false) where T : StudyBuilder
    {
        ArgumentNullException.ThrowIfNull(reasonToStop);
        return study.StopWhen(new FunctionStopRule(reasonToStop, needsResult));
    }

    /// <summary>A configuration to try before the tuner is asked, such as one that is known to be good. Hyperparameters that are not set take their defaults.</summary>
    public static T TryFirst<T>(this T study, Action<ConfigurationBuilder> set) where T : StudyBuilder
    {
        ArgumentNullException.ThrowIfNull(set);
        return study.Set(settings => settings.KnownPoints.Add(set));
    }

    /// <summary>Tries the configuration of all defaults before the tuner is asked.</summary>
    public static T TryDefaultsFirst<T>(this T study) where T : StudyBuilder => study.TryFirst(_ => { });

    /// <summary>Adds an observer.</summary>
    public static T Observe<T>(this T study, IStudyObserver observer) where T : StudyBuilder
    {
        ArgumentNullException.ThrowIfNull(observer);
        return study.Set(settings => settings.Observers.Add(observer));
    }

    /// <summary>Sets the one observer of its type: takes the place of an earlier one, or takes it away; for packages that add verbs.</summary>
    /// <param name="study">The study.</param>
    /// <param name="observer">The observer; null: none of this type.</param>
    public static T ReplaceObserver<T, TObserver>(this T study, TObserver? observer) where T : StudyBuilder where TObserver : class, IStudyObserver
        => study.Set(settings =>
        {
            settings.Observers.RemoveAll(other => other is TObserver);
            if (observer is not null) settings.Observers.Add(observer);
        });

    /// <summary>How often a trial is attempted whose failure may pass.</summary>
    /// <param name="study">The study.</param>
    /// <param name="maxAttempts">Attempts in all; 3 by default, 1 to retry nothing.</param>
    /// <param name="when">Which exceptions may pass; by default <see cref="IOException"/> and <see cref="TimeoutException"/>.</param>
    public static T RetryFailures<T>(this T study, int maxAttempts, Func<Exception, bool>? when = null) where T : StudyBuilder
        => study.Demand(maxAttempts >= 1, $"attempts {maxAttempts} must be at least 1; 1 retries nothing.").Set(settings =>
        {
            settings.MaxAttempts = maxAttempts;
            settings.IsRetryable = when ?? settings.IsRetryable;
        });

    /// <summary>Ends the study when this many trials in a row have failed; 10 by default. One that is paused further on than where those began ends the row, too.</summary>
    public static T StopAfterFailuresInARow<T>(this T study, int failures) where T : StudyBuilder
        => study.Demand(failures >= 1, $"failures in a row {failures} must be at least 1.").Set(settings => settings.MaxFailuresInARow = failures);

    /// <summary>Lets the tuner evaluate a configuration again: for objectives with noise. By default none is evaluated twice.</summary>
    public static T AllowRepeats<T>(this T study) where T : StudyBuilder => study.Set(settings => settings.RepeatsConfigurations = true);

    /// <summary>Where trials leave checkpoints and files: a folder a trial below this one. By default beside the journal, or in the temporary folder.</summary>
    public static T SaveArtifactsIn<T>(this T study, string directory) where T : StudyBuilder
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        return study.Set(settings => settings.ArtifactDirectory = directory);
    }

    /// <summary>
    /// Deletes the files of trials that ended, but for those of the best and of as many that failed last, whose files may tell why. By default all are kept.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="trials">How many of the best completed trials keep their files.</param>
    /// <remarks>
    /// Trials that are paused keep theirs. A scheduler that starts trials from the checkpoint of one that ended finds it only while that one is among the best.
    /// </remarks>
    public static T KeepArtifactsOfBest<T>(this T study, int trials) where T : StudyBuilder
        => study.Demand(trials >= 1, $"trials whose artifacts are kept {trials} must be at least 1; leave KeepArtifactsOfBest out to keep all.")
            .Set(settings => settings.ArtifactsKept = trials);

    /// <summary>
    /// Limits the files that a trial writes by <see cref="ITrialContext.Artifacts"/>: one that would exceed it is refused with an
    /// <see cref="ArtifactLimitException"/>. By default there is no limit.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="bytesPerTrial">How many bytes the files of a trial may have in all.</param>
    public static T LimitArtifacts<T>(this T study, long bytesPerTrial) where T : StudyBuilder
        => study.Demand(bytesPerTrial >= 1, $"bytes of artifacts a trial {bytesPerTrial} must be at least 1; leave LimitArtifacts out for no limit.")
            .Set(settings => settings.ArtifactLimit = bytesPerTrial);

    /// <summary>Searches uniformly at random.</summary>
    public static T UseRandom<T>(this T study) where T : StudyBuilder => study.UseTuner("random", (space, _) => new RandomTuner(space));

    /// <summary>Searches a grid, every combination of values once, in a fixed order.</summary>
    /// <param name="study">The study.</param>
    /// <param name="resolution">How many values of a range that has more, both ends included; 5 by default.</param>
    public static T UseGrid<T>(this T study, int resolution = 5) where T : StudyBuilder
        => study.Demand(resolution >= 1, $"grid resolution {resolution} must be at least 1.").UseTuner("grid", (space, _) => new GridTuner(space, resolution))
            .Set(settings => settings.TunerEnds = true);

    /// <summary>Searches along a scrambled Sobol sequence: evenly spread where random search clumps.</summary>
    public static T UseQuasiRandom<T>(this T study) where T : StudyBuilder
        => study.UseTuner("quasi-random", (space, random) => new QuasiRandomTuner(space, random));

    /// <summary>Sets the tuner.</summary>
    /// <param name="study">The study.</param>
    /// <param name="name">Its name, kept as the origin of its trials.</param>
    /// <param name="tuner">Makes it.</param>
    public static T UseTuner<T>(this T study, string name, TunerFactory tuner) where T : StudyBuilder
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(tuner);
        return study.Set(settings => (settings.TunerName, settings.Tuner, settings.TunerEnds) = (name, tuner, false));
    }

    /// <summary>Sets the scheduler, in the place of an earlier one; by default every trial runs to its end.</summary>
    /// <param name="study">The study.</param>
    /// <param name="scheduler">Makes it, when the study is opened.</param>
    /// <param name="problems">What is wrong with its definition, asked when the study is opened and all is said, such as its steps; null: nothing.</param>
    /// <param name="ends">Whether it starts no more once it has what it wants, so that the study ends without another limit. By default not.</param>
    public static T UseScheduler<T>(this T study, SchedulerFactory scheduler, Func<IEnumerable<string>>? problems = null, bool ends = false) where T : StudyBuilder
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        return study.UseScheduler(scheduler, problems, ends, maxBudget: null);
    }

    /// <summary>The same of a scheduler that was told how many steps a whole trial has.</summary>
    internal static T UseScheduler<T>(this T study, SchedulerFactory scheduler, Func<IEnumerable<string>>? problems, bool ends, int? maxBudget) where T : StudyBuilder
        => study.Set(settings => (settings.Scheduler, settings.SchedulerProblems, settings.SchedulerEnds, settings.MaxBudget) = (scheduler, problems ?? (() => []), ends, maxBudget));

    /// <summary>Sets the journal; by default the study is kept in memory.</summary>
    public static T UseJournal<T>(this T study, JournalFactory journal) where T : StudyBuilder
    {
        ArgumentNullException.ThrowIfNull(journal);
        return study.Set(settings => settings.Journal = journal);
    }

    /// <summary>Sets the executor; by default trials run in this process.</summary>
    public static T UseExecutor<T>(this T study, ExecutorFactory executor) where T : StudyBuilder
    {
        ArgumentNullException.ThrowIfNull(executor);
        return study.Set(settings => (settings.Executor, settings.Workers) = (executor, null));
    }

    /// <summary>
    /// Says what, besides the space, makes the values of this study comparable: the data, how they are split. It is kept with the study, which is
    /// not continued where the text differs.
    /// </summary>
    public static T EvaluatedBy<T>(this T study, string description) where T : StudyBuilder
    {
        ArgumentNullException.ThrowIfNull(description);
        return study.Set(settings => settings.Evaluation = description);
    }

    /// <summary>Sets the clock; the system's by default.</summary>
    public static T UseTime<T>(this T study, TimeProvider time) where T : StudyBuilder
    {
        ArgumentNullException.ThrowIfNull(time);
        return study.Set(settings => settings.Time = time);
    }

    /// <summary>Reports a problem of the study's definition unless a condition holds; for packages that add verbs.</summary>
    public static T Demand<T>(this T study, bool condition, string problem) where T : StudyBuilder
    {
        ArgumentNullException.ThrowIfNull(study);
        if (!condition) study.Settings.Problems.Add(problem);
        return study;
    }

    private static T WithGoal<T>(this T study, string metric, bool isMaximized) where T : StudyBuilder
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(metric);
        return study.Set(settings => settings.Goal = new Goal(metric, isMaximized));
    }

    private static T Set<T>(this T study, Action<StudySettings> change) where T : StudyBuilder
    {
        ArgumentNullException.ThrowIfNull(study);
        change(study.Settings);
        return study;
    }
}
