namespace AutoTune.Execution;

/// <summary>Where in a program a study is: its name, and how many studies of that name were opened before it.</summary>
/// <remarks>A worker runs the program from its beginning, so it meets the same studies in the same order by name.</remarks>
internal sealed record StudyAddress(string Name, int Opening)
{
    public override string ToString() => Opening == 0 ? $"study '{Name}'" : FormattableString.Invariant($"study '{Name}' (number {Opening + 1} of that name)");
}

/// <summary>How a study that the program ran before went, for a worker on its way to a later one.</summary>
/// <param name="State">Whether it is known, still runs, or has ended.</param>
/// <param name="Facts">Its facts as text.</param>
/// <param name="StopReason">Why it ended.</param>
/// <param name="HasFailed">Whether it ended without any value.</param>
internal sealed record EarlierStudy(EarlierStudyState State, IReadOnlyList<string> Facts, string StopReason = "", bool HasFailed = false)
{
    public static EarlierStudy Unknown { get; } = new(EarlierStudyState.Unknown, []);

    public static EarlierStudy Running { get; } = new(EarlierStudyState.Running, []);
}

/// <summary>The states of an <see cref="EarlierStudy"/>.</summary>
internal enum EarlierStudyState : byte
{
    Unknown,
    Running,
    Ended,
}
