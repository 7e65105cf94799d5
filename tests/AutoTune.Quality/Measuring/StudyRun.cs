using System.Collections.Immutable;
using AutoTune.Quality.Evaluators;
using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Measuring;

/// <summary>A problem that is ready to be searched. Immutable; runs share it.</summary>
internal sealed record Arena(Problem Problem, ProblemSpace Space, IEvaluator Evaluator);

/// <summary>One study: a tuner on a problem with a seed.</summary>
/// <param name="Tuner">Its name in <see cref="TunerTable"/>.</param>
/// <param name="Arena">The problem.</param>
/// <param name="Seed">The study's seed.</param>
/// <param name="Trials">How many trials.</param>
/// <param name="Slots">How many are in flight at a time; each takes equally long.</param>
internal sealed record StudyRun(string Tuner, Arena Arena, int Seed, int Trials, int Slots)
{
    /// <summary>Searches.</summary>
    /// <returns>What was reached, and the first failure of the tuner, if there was one.</returns>
    public (RunRecord Record, string? TunerFailure) Execute()
    {
        var failures = new TunerFailures();
        using var study = new StudyBuilder(Arena.Problem.Name).WithSearchSpace(Arena.Space.Space).WithSeed(Seed).ForTrials(Trials)
            .StopAfterFailuresInARow(int.MaxValue).Observe(failures).Use(Tuner).Open();
        var clock = TimeProvider.System;
        var inFlight = new Queue<ITrialContext>();
        var best = ImmutableArray.CreateBuilder<double>(Trials);
        var asks = ImmutableArray.CreateBuilder<double>(Trials);
        var (thought, least) = (TimeSpan.Zero, double.PositiveInfinity);
        while (true)
        {
            while (inFlight.Count < Slots)
            {
                var start = clock.GetTimestamp();
                var trial = study.Ask();
                var time = clock.GetElapsedTime(start);
                thought += time;
                if (trial is null) break;
                asks.Add(time.TotalMilliseconds);
                inFlight.Enqueue(trial);
            }

            if (!inFlight.TryDequeue(out var oldest)) break;
            var loss = Arena.Evaluator.Loss(Arena.Space.PointOf(oldest.Configuration));
            if (double.IsFinite(loss)) least = Math.Min(least, loss);
            best.Add(least);
            var told = clock.GetTimestamp();
            study.Tell(oldest, loss); // NaN is recorded as a failed trial
            thought += clock.GetElapsedTime(told);
        }

        // A space that was used up has nothing more to give.
        while (best.Count < Trials) best.Add(least);
        var fallbacks = Tuner == "random" ? 0 : study.View.Trials.Count(trial => trial.Origin == "random");
        return (new RunRecord(RunRecord.OurPrefix + Tuner, Arena.Problem.Name, Seed, best.ToImmutable(), thought.TotalSeconds, asks.ToImmutable(), fallbacks),
            failures.First);
    }

    /// <summary>Listens for a tuner that throws: the study goes on at random, but here it is news.</summary>
    private sealed class TunerFailures : IStudyObserver
    {
        public string? First { get; private set; }

        public void OnEvent(StudyEvent studyEvent, StudyView study)
        {
            if (studyEvent is TunerFailed failed) First ??= $"{failed.Trial}: {failed.Error}";
        }
    }
}
