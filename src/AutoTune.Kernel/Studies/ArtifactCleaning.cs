namespace AutoTune.Studies;

/// <summary>Deletes the folders of trials that ended, but for those of the best and of those that failed last.</summary>
/// <remarks>Trials that have not ended keep theirs: they may go on from a checkpoint. One caller at a time.</remarks>
internal sealed class ArtifactCleaning(int kept, Func<TrialId, string> folderOf, Action<string> warn)
{
    private readonly List<Trial> _best = [];
    private readonly Queue<TrialId> _failed = []; // what is left of them tells why they failed
    private int _seen;
    private bool _hasWarned;

    /// <summary>Looks at the trials that ended since the last call.</summary>
    public void Clean(StudyView view, Func<int, StudyView, IReadOnlyList<TrialId>> finishedSince)
    {
        foreach (var id in finishedSince(_seen, view))
        {
            _seen++;
            if (TakeIn(view[id]) is { } dropped) Delete(folderOf(dropped));
        }
    }

    /// <returns>The trial whose folder is no longer kept.</returns>
    private TrialId? TakeIn(Trial trial)
    {
        switch (trial.State)
        {
            case TrialState.Completed:
                var place = _best.FindIndex(other => IsBetter(trial, other));
                _best.Insert(place < 0 ? _best.Count : place, trial);
                if (_best.Count <= kept) return null;
                var worst = _best[^1].Id;
                _best.RemoveAt(_best.Count - 1);
                return worst;
            case TrialState.Failed:
                _failed.Enqueue(trial.Id);
                return _failed.Count > kept ? _failed.Dequeue() : null;
            default:
                return trial.Id;
        }
    }

    private static bool IsBetter(Trial one, Trial other)
        => one.MeetsRequirements != other.MeetsRequirements ? one.MeetsRequirements : one.Loss < other.Loss;

    private void Delete(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (!_hasWarned) warn($"Files of trials could not be deleted: {error.Message}");
            _hasWarned = true;
        }
    }
}
