using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using AutoTune.Execution;
using AutoTune.Journals;
using AutoTune.Scheduling;

namespace AutoTune.Studies;

/// <summary>Opens a study: checks its definition, replays its journal, and binds stored configurations to the program's own space.</summary>
internal static class StudyOpener
{
    /// <param name="settings">The definition.</param>
    /// <param name="address">Its place in the program.</param>
    /// <param name="earlier">How it went in the process that this one is a worker of: then it is over.</param>
    /// <param name="mustEnd">Whether a study that nothing would end is a problem.</param>
    public static Study Open(StudySettings settings, StudyAddress address, EarlierStudy? earlier, bool mustEnd = false)
    {
        List<string> problems = [.. settings.Problems, .. settings.SchedulerProblems()];
        if (string.IsNullOrWhiteSpace(settings.Name)) problems.Add("its name is empty; give it one.");
        var space = SpaceOf(settings, problems);
        var knownPoints = KnownPoints(settings, space, problems);
        if (mustEnd && !HasEnd(settings, space))
            problems.Add("nothing would end it; say ForTrials(60), ForAtMost(TimeSpan.FromMinutes(2)) or another limit, or give a cancellation token.");
        if (problems.Count > 0) throw new StudyDefinitionException(settings.Name, problems);

        var journal = earlier is null ? settings.Journal(settings.Name) : JournalOf(earlier);
        try
        {
            var events = journal.Read().ToList();
            var random = new RandomSource(settings.Seed);
            var ledger = new StudyLedger(journal, SchedulerOf(settings, random.Fork("scheduler")), settings.Observers, settings.Time)
            {
                AllowsDeclarations = settings.Space is null,
            };
            var goal = settings.Goal ?? new Goal("loss", IsMaximized: false);
            if (events.Count == 0)
            {
                ledger.Record(new StudyCreated(settings.Name, settings.Seed, goal, space!) { Evaluation = settings.Evaluation, Requirements = [.. settings.Requirements], Steps = settings.Steps });
            }
            else
            {
                Check(events, settings, goal, space!);
                foreach (var studyEvent in events) ledger.Replay(settings.Space is null ? studyEvent : Bind(studyEvent, space!));
            }

            var study = new Study(settings, ledger, knownPoints, address, earlier);
            // A journal that refuses the first facts, such as one that another process writes: nothing has been evaluated yet, so say it now.
            if (ledger.JournalError is { } error) ExceptionDispatchInfo.Throw(error);
            return study;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    private static IScheduler SchedulerOf(StudySettings settings, RandomSource random)
    {
        var whole = settings.MaxBudget ?? settings.Steps?.Count;
        var scheduler = settings.Scheduler(random);
        if (whole is { } steps) scheduler = new WholeTrials(scheduler, steps, canResume: settings.Steps is not { CanResume: false });
        return settings.Rules.Count == 0 ? scheduler : new RuledScheduler(scheduler, [.. settings.Rules.Select(rule => rule())], whole);
    }

    private static MemoryJournal JournalOf(EarlierStudy earlier)
    {
        var reader = new EventReader("a study of the parent process");
        var journal = new MemoryJournal();
        foreach (var fact in earlier.Facts) journal.Append(reader.Read(fact));
        return journal;
    }

    private static bool HasEnd(StudySettings settings, SearchSpace? space)
        => settings.TrialLimit is not null || settings.TimeLimit is not null || settings.StopRules.Count > 0 || settings.TunerEnds || settings.SchedulerEnds
        || (settings.Space is not null && !settings.RepeatsConfigurations && space?.Cardinality() is not null);

    private static SearchSpace? SpaceOf(StudySettings settings, List<string> problems)
    {
        try
        {
            return settings.Space?.Invoke() ?? SearchSpace.Empty;
        }
        catch (SearchSpaceException error)
        {
            problems.AddRange(error.Problems);
            return null;
        }
    }

    private static ImmutableArray<Configuration> KnownPoints(StudySettings settings, SearchSpace? space, List<string> problems)
    {
        if (settings.KnownPoints.Count == 0 || space is null) return [];
        if (settings.Space is null)
        {
            problems.Add("points to try first need the space to be known; give it by WithSearchSpace.");
            return [];
        }

        var points = ImmutableArray.CreateBuilder<Configuration>();
        foreach (var set in settings.KnownPoints)
        {
            try
            {
                points.Add(space.Configure(set));
            }
            catch (SearchSpaceException error)
            {
                problems.AddRange(error.Problems);
            }
        }

        return points.ToImmutable();
    }

    private static void Check(List<StudyEvent> events, StudySettings settings, Goal goal, SearchSpace space)
    {
        if (events[0] is not StudyCreated stored)
            throw new JournalException($"The journal of study '{settings.Name}' does not begin with its creation; it is damaged.");

        List<string> problems = [];
        if (stored.Goal != goal)
            problems.Add($"the stored study is to {stored.Goal}, this program is to {goal}; a study keeps its goal: use another name, or another file.");
        if (stored.Seed != settings.Seed)
            problems.Add($"the stored study has seed {stored.Seed}, this program says {settings.Seed}; a study keeps its seed: say WithSeed({stored.Seed}), or use another name or file.");
        if (stored.Evaluation != settings.Evaluation)
            problems.Add($"the stored study was evaluated by [{stored.Evaluation}], this program by [{settings.Evaluation}]; their values do not compare: use another name, or another file.");
        else if (stored.Steps is { } steps && settings.Steps is { } now && steps.Kind != now.Kind)
            problems.Add($"the steps of the stored study are {Name(steps.Kind)}, those of this program {Name(now.Kind)}; what trials reported of one does not compare with the other: say With{steps.Kind}, or use another name, or another file.");
        if (!stored.Requirements.SequenceEqual(settings.Requirements))
            problems.Add($"the stored study requires [{string.Join(", ", stored.Requirements)}], this program [{string.Join(", ", settings.Requirements)}]; a study keeps its requirements: use another name, or another file.");
        if (settings.Space is not null && stored.Space.DifferencesFrom(space) is { IsEmpty: false } differences)
            problems.Add($"its search space differs from that of the stored study (first: stored; second: this program): {string.Join("; ", differences)}. Use another name, or another file.");
        if (settings.Space is null && !stored.Space.Hyperparameters.IsEmpty)
            problems.Add("the stored study has a search space, this program declares its own in the objective; use another name, or another file.");
        if (problems.Count > 0) throw new StudyDefinitionException(settings.Name, problems);
    }

    private static string Name(StepKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>The same fact in the program's own space, whose handles and constraints are alive.</summary>
    private static StudyEvent Bind(StudyEvent studyEvent, SearchSpace space)
        => studyEvent is StudyCreated created ? created with { Space = space } : StudyFacts.In(studyEvent, space);
}
