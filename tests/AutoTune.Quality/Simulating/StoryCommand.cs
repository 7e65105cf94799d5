using System.Globalization;
using AutoTune.Quality.Evaluators;
using AutoTune.Quality.Measuring;
using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Simulating;

/// <summary>Simulates one study and tells it fact by fact: which trial was paused, resumed or stopped when, and why.</summary>
internal sealed class StoryCommand(CommandLine arguments, ProblemFolder folder)
{
    /// <summary>Tells it.</summary>
    /// <exception cref="ProblemException">More than one study was asked for, or the problem has no fidelity.</exception>
    public async Task ExecuteAsync(TextWriter output)
    {
        if (folder.Problems is not [var problem]) throw new ProblemException("story tells one study; give --problems with one name.");
        if (Method.Choose(arguments.Methods, arguments.Tuners, arguments.Schedulers) is not [var method]) throw new ProblemException("story tells one study; give --methods with one, such as portfolio+stop-early.");
        if (arguments.Seeds.Length > 1 || arguments.Slots.Length > 1) throw new ProblemException("story tells one study; give one seed, and one number of slots.");
        var ladder = Ladder.Of(problem, arguments.Epochs) ?? throw new ProblemException($"Problem '{problem.Name}' has no fidelity, so there are no steps to tell of.");
        using var factory = new EvaluatorFactory(folder);
        var arena = new Arena(problem, new ProblemSpace(problem), factory.Create(problem).Evaluator);
        var seed = arguments.Seeds is [var only] ? only : 0;
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{problem.Name}, {method}, seed {seed}: {arguments.Budget} full trainings' worth of {ladder.Count} steps each")).ConfigureAwait(false);
        await output.WriteLineAsync("spent  trial  what became of it").ConfigureAwait(false);
        await new SimulationRun(method, arena, ladder, seed, arguments.Slots[0], arguments.Budget, arguments.Uneven).ExecuteAsync(new Teller(output, ladder)).ConfigureAwait(false);
    }

    private sealed class Teller(TextWriter output, Ladder ladder) : IStudyObserver
    {
        private double _spent;

        public void OnEvent(StudyEvent studyEvent, StudyView study)
        {
            switch (studyEvent)
            {
                case TrialReported { Report: var report }:
                    _spent += ladder.CostOf(report.Step);
                    break;
                case TrialPaused e:
                    Tell(e.Trial, $"paused at {e.Reason}");
                    break;
                case TrialResumed e:
                    Tell(e.Trial, $"goes on to step {e.Budget}");
                    break;
                case TrialFinished { Outcome: TrialOutcome.Stopped stopped } e:
                    Tell(e.Trial, $"stopped at {stopped.Reason}");
                    break;
                case TrialFinished { Outcome: TrialOutcome.Completed completed } e:
                    Tell(e.Trial, $"completed with {study.Goal.Metric} {study.Goal.Text(completed.Loss)}{(study.Best?.Id == e.Trial ? ", the best so far" : "")}");
                    break;
                case TrialFinished { Outcome: TrialOutcome.Failed failed } e:
                    Tell(e.Trial, $"failed: {failed.Error}");
                    break;
            }
        }

        private void Tell(TrialId trial, string what)
            => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_spent / ladder.Count,5:0.0}  {trial.Number,5}  {what}"));
    }
}
