namespace AutoTune.Progress;

/// <summary>Where progress is shown. Calls return at once: they come under the study's lock.</summary>
internal interface IProgressScreen
{
    /// <summary>The study begins.</summary>
    /// <param name="now">The frame as of now; may be asked from any thread until <see cref="End"/> returns.</param>
    void Begin(Func<ProgressFrame> now);

    /// <summary>Something happened.</summary>
    void OnFact(ProgressFrame frame);

    /// <summary>The study has ended: shows its last frame and lets go of the console. May take as long as the console does.</summary>
    void End();
}
