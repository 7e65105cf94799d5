namespace AutoTune.Scheduling;

/// <summary>What is known of each trial, folded from its reports, and what was known at its last pause: a trial that is evaluated again goes on from there.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class TrialStates<T> where T : struct
{
    private T[] _now = [];
    private T[] _atPause = [];

    /// <summary>The state of a trial; at first the default.</summary>
    public ref T this[TrialId trial]
    {
        get
        {
            if (trial.Number >= _now.Length)
            {
                var room = Math.Max(64, 2 * trial.Number + 1);
                Array.Resize(ref _now, room);
                Array.Resize(ref _atPause, room);
            }

            return ref _now[trial.Number];
        }
    }

    /// <summary>Follows a trial's pauses, and goes back with it where it is evaluated again. Reports are the caller's.</summary>
    public void Observe(StudyEvent studyEvent)
    {
        switch (studyEvent)
        {
            case TrialPaused e:
                var paused = this[e.Trial];
                _atPause[e.Trial.Number] = paused;
                break;
            case TrialResumed { From: not null } e: // another trial's training goes on under its name
                this[e.Trial] = default;
                _atPause[e.Trial.Number] = default;
                break;
            case TrialAttemptFailed e:
                Rewind(e.Trial);
                break;
            case TrialInterrupted e:
                Rewind(e.Trial);
                break;
        }
    }

    private void Rewind(TrialId trial)
    {
        ref var now = ref this[trial];
        now = _atPause[trial.Number];
    }
}
