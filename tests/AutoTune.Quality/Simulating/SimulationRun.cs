using AutoTune.Quality.Measuring;
using AutoTune.Testing;

namespace AutoTune.Quality.Simulating;

/// <summary>One study in virtual time: a method on a problem with a seed and some slots.</summary>
/// <param name="Method">The tuner and the scheduler.</param>
/// <param name="Arena">The problem.</param>
/// <param name="Ladder">Its steps.</param>
/// <param name="Seed">The study's seed.</param>
/// <param name="Slots">How many trials run at a time.</param>
/// <param name="Budget">Full trainings' worth of steps that may be spent.</param>
/// <param name="Uneven">The standard deviation of the logarithm of a configuration's time for a step; 0: all take the same.</param>
internal sealed record SimulationRun(Method Method, Arena Arena, Ladder Ladder, int Seed, int Slots, int Budget, double Uneven = 0)
{
    /// <summary>Searches until the budget is spent; a full training takes an hour.</summary>
    /// <param name="observer">Sees every fact; null: nobody does.</param>
    public async Task<SimulationRecord> ExecuteAsync(IStudyObserver? observer = null)
    {
        var clock = TimeProvider.System;
        var begin = clock.GetTimestamp();
        var time = new VirtualTime();
        var curves = new LossCurves(Arena.Evaluator, Arena.Space, Ladder);
        using var end = new CancellationTokenSource();
        var meter = new Meter(Ladder, curves, time.Start, (double)Budget * Ladder.Count, end);
        var study = Method.Use(Ladder.Describe(new StudyBuilder(Arena.Problem.Name).WithSearchSpace(Arena.Space.Space).WithSeed(Seed)))
            .StopAfterFailuresInARow(int.MaxValue).Observe(meter).StopWhen(meter).UseVirtualTime(time, Slots, (configuration, step) => TimeSpan.FromHours(PaceOf(configuration) * Ladder.CostOf(step) / Ladder.Count));
        if (observer is not null) study.Observe(observer);
        string stop;
        StudyView view;
        try
        {
            var result = await study.RunAsync(new SteppedObjective(curves, Ladder), end.Token).ConfigureAwait(false);
            (stop, view) = (end.IsCancellationRequested || result.StopReason == Meter.BudgetSpent ? "" : result.StopReason, result.View);
        }
        catch (StudyFailedException failed)
        {
            (stop, view) = (failed.Message, failed.View);
        }

        return new SimulationRecord
        {
            Peer = RunRecord.OurPrefix + Method, Problem = Arena.Problem.Name, Seed = Seed, Slots = Slots, Full = Ladder.Count, Budget = Budget * Ladder.Count,
            Incumbents = meter.Incumbents, Completed = meter.Completed, Reports = meter.Reports, Spent = meter.Spent, Hours = time.Elapsed.TotalHours,
            Busy = time.Elapsed > TimeSpan.Zero ? meter.Busy / (time.Elapsed * Slots) : 0,
            Trials = view.Trials.Count, Finished = view.CompletedCount, FinishedEarly = meter.CompletedEarly, Stopped = view.StoppedCount,
            TunerFailures = meter.TunerFailures, Stop = stop, Seconds = clock.GetElapsedTime(begin).TotalSeconds,
        };
    }

    /// <summary>How much longer than others a configuration takes: log-normal with mean 1, the same for the same configuration.</summary>
    private double PaceOf(Configuration configuration)
    {
        if (Uneven == 0) return 1;
        var random = new RandomSource(Seed);
        foreach (var code in Arena.Space.PointOf(configuration).Codes) random = random.Fork("pace", BitConverter.DoubleToInt64Bits(code));
        return Math.Exp(Uneven * random.NextGaussian() - Uneven * Uneven / 2);
    }
}
