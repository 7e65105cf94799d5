using AutoTune.Display;

namespace AutoTune.Progress;

/// <summary>Frames as plain lines: at the start, for each new best, for each tenth of the way, at the end.</summary>
/// <remarks>Not thread-safe: it remembers what it has said.</remarks>
internal sealed class ProgressLines
{
    private bool _hasBegun;
    private TrialId? _best;
    private int _tenths;

    /// <summary>What is new in this frame.</summary>
    public IEnumerable<string> Next(ProgressFrame frame)
    {
        var study = frame.Study;
        if (!_hasBegun)
        {
            _hasBegun = true;
            (_best, _tenths) = (study.Best?.Id, Tenths(frame));
            yield return Start(frame);
        }

        if (study.Best is { } best && best.Id != _best)
        {
            _best = best.Id;
            yield return $"{Shown.Time(frame.Elapsed)}: {best.Id} is the new best, {study.Goal.Metric} {Shown.Number(study.BestValue!.Value)} ({Shown.Plain(best.Configuration)})";
        }

        if (frame.IsFinal)
        {
            yield return $"Study '{study.Name}' ended after {Shown.Time(frame.Elapsed)}: {Count(study)}, {Best(study)}";
        }
        else if (Tenths(frame) is var tenths && tenths > _tenths && tenths < 10)
        {
            _tenths = tenths;
            yield return $"{Shown.Time(frame.Elapsed)}: {Count(study, frame.TrialLimit)}, {Best(study)}"
                + (frame.Left is { } left ? $", about {Shown.Time(left)} left" : "") + (frame.Standing is { } standing ? $"; {standing}" : "");
        }
    }

    private static int Tenths(ProgressFrame frame) => (int)(10 * (frame.Done ?? 0));

    private static string Start(ProgressFrame frame)
    {
        List<string> limits = [];
        if (frame.TrialLimit is { } trials) limits.Add($"up to {Shown.Trials(trials)}");
        if (frame.TimeLimit is { } time) limits.Add($"for at most {Shown.Time(time)}");
        var before = frame.EndedBefore > 0 ? $"; it goes on after {Shown.Trials(frame.EndedBefore)}, {Best(frame.Study)}" : "";
        return $"Study '{frame.Study.Name}': {string.Join(", ", [frame.Study.Goal.ToString(), .. limits])}{before}";
    }

    private static string Count(StudyView study, int? limit = null)
        => (limit is { } trials ? FormattableString.Invariant($"{ProgressFrame.EndedIn(study)} of {Shown.Trials(trials)}") : Shown.Trials(ProgressFrame.EndedIn(study)))
        + (study.StoppedCount > 0 ? FormattableString.Invariant($" ({study.StoppedCount} stopped early)") : "")
        + (study.Paused.Count > 0 ? FormattableString.Invariant($" ({study.Paused.Count} paused)") : "")
        + (study.FailedCount > 0 ? FormattableString.Invariant($" ({study.FailedCount} failed)") : "");

    private static string Best(StudyView study)
        => study.Best is { } best ? $"best {study.Goal.Metric} {Shown.Number(study.BestValue!.Value)} in {best.Id}" : study.CompletedCount > 0 ? "no trial meets the requirements yet" : "no value yet";
}
