using AutoTune.Scheduling;
using BenchmarkDotNet.Attributes;

namespace AutoTune.Benchmarks;

/// <summary>What a report costs from the objective's call to the answer, in a study of 10,000 trials and more: recorded, folded and judged.</summary>
[MemoryDiagnoser]
public class SchedulerBenchmarks
{
    private const int Trials = 10_000;
    private const int Reports = 100; // a burst that seldom loses its processor on a busy machine
    private readonly ITrialContext[] _waiting = new ITrialContext[Reports];
    private Study _study = null!;

    [Params("none", "patience", "median", "ASHA, stopping", "ASHA, promotion", "Hyperband", "PASHA", "one step", "DEHB", "racing", "prediction", "stop early", "stop early, folds")]
    public string Scheduler { get; set; } = "";

    [GlobalSetup]
    public void Fill()
    {
        var study = new StudyBuilder("benchmark").WithSearchSpace(BenchmarkSpaces.Continuous(2)).WithEpochs(27, canResume: true).ForTrials(1_000_000);
        _study = (Scheduler switch
        {
            "patience" => study.UsePatience(3),
            "median" => study.UseMedianRule(),
            "ASHA, stopping" => study.UseAsha(),
            "ASHA, promotion" => study.UseAsha(new AshaOptions { Form = AshaForm.Promotion }),
            "Hyperband" => study.UseHyperband(),
            "PASHA" => study.UsePasha(),
            "one step" => study.UseOneStep(),
            "DEHB" => study.UseHyperband(new HyperbandOptions { StartsAnew = true }),
            "racing" => study.WithRepeats(27).UseRacing(),
            "prediction" => study.UseCurvePrediction(),
            "stop early" => study.StopEarly(),
            "stop early, folds" => study.WithRepeats(27).StopEarly(),
            _ => study,
        }).Open();
        while (_study.View.Trials.Count < Trials) Run(_study.Ask()!, 27);
    }

    [IterationSetup]
    public void Ask()
    {
        for (var i = 0; i < Reports; i++) _waiting[i] = _study.Ask()!;
    }

    [Benchmark(OperationsPerInvoke = Reports)]
    public void Report()
    {
        foreach (var trial in _waiting) trial.Report(trial.ResumeAfterStep + 1, BenchmarkSpaces.Loss(trial.Configuration));
    }

    [IterationCleanup]
    public void Tell()
    {
        foreach (var trial in _waiting) _study.Tell(trial, BenchmarkSpaces.Loss(trial.Configuration));
    }

    [GlobalCleanup]
    public void Close() => _study.Dispose();

    private void Run(ITrialContext trial, int steps)
    {
        var loss = BenchmarkSpaces.Loss(trial.Configuration);
        for (var step = trial.ResumeAfterStep + 1; step <= Math.Min(steps, trial.Budget ?? steps); step++)
        {
            if (!trial.Report(step, loss + 1.0 / step).IsContinue) break;
        }

        _study.Tell(trial, loss);
    }
}
