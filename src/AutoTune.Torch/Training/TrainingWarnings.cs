using System.Globalization;

namespace AutoTune.Torch.Training;

/// <summary>What a study's trials say of their loops, wherever they ran: a worker's console is not the user's.</summary>
internal static class TrainingWarnings
{
    public static IEnumerable<string> Of(StudyView study, TrialSteps steps)
    {
        var completed = study.Trials.Where(trial => trial.State == TrialState.Completed).ToList();
        var leaks = completed.Select(trial => (trial.Id, Left: ((TrialOutcome.Completed)trial.Outcome!).Metrics.GetValueOrDefault(TorchObjective.LeftBehind))).Where(leak => leak.Left > 0).ToList();
        if (leaks.Count > 0)
        {
            var most = leaks.MaxBy(leak => leak.Left);
            yield return string.Create(CultureInfo.InvariantCulture, $"{Several(leaks[0].Id, leaks.Count)} left tensors behind, up to {most.Left} ({most.Id}): {TorchObjective.LeakCauses}");
        }

        // A scheduler has the end of a silent training reported, the others have nothing.
        var silent = completed.Where(trial => steps.Kind == StepKind.Epochs && trial.Reports.Count < 2 && (trial.Budget ?? steps.Count) > 1).ToList();
        if (silent.Count > 0) yield return $"{Several(silent[0].Id, silent.Count)} reported no epoch on the way: such trainings are not stopped early, and begin anew after a kill. Say trial.Report(epoch, value) in each round of trial.Epochs().";
    }

    private static string Several(TrialId first, int count) => count switch
    {
        1 => $"{first}",
        2 => $"{first} and another",
        _ => string.Create(CultureInfo.InvariantCulture, $"{first} and {count - 1} others"),
    };
}
