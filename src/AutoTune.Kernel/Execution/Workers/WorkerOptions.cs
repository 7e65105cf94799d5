using System.Collections.Immutable;

namespace AutoTune.Execution;

/// <summary>How <see cref="WorkerProcessExtensions.InWorkerProcesses{T}"/> runs trials. Immutable and thread-safe.</summary>
public sealed record WorkerOptions
{
    /// <summary>
    /// How long a trial may take, above 0. At the limit its token is cancelled; if it has not ended after <see cref="GraceTime"/>, its process is.
    /// The trial then failed with a <see cref="TrialLimitException"/>, which is not retried unless <c>RetryFailures</c> says so. Default null: no limit.
    /// </summary>
    public TimeSpan? TrialTimeLimit { get; init; }

    /// <summary>
    /// How many bytes of memory a worker may keep resident while it runs a trial, everything that its program loaded included; above 0. Above that it
    /// is ended at once and the attempt failed with a <see cref="TrialLimitException"/>; another one, in a fresh process, is made only if this
    /// process had run trials before, whose memory may have added up. It is looked at 20 times a second. Default null: no limit.
    /// </summary>
    public long? MemoryLimit { get; init; }

    /// <summary>
    /// How many native threads each worker may use, told to it as <c>OMP_NUM_THREADS</c>, unless that is in this process's environment
    /// already. Default 1, which is best when trials run side by side.
    /// </summary>
    public int ThreadsPerWorker { get; init; } = 1;

    /// <summary>Variables of the workers' environment, such as <c>DOTNET_gcServer</c> or <c>OMP_WAIT_POLICY</c>, set before they start. Default: none.</summary>
    public ImmutableSortedDictionary<string, string> Environment { get; init; } = Notes.None<string>();

    /// <summary>How long a trial may take to heed a cancellation before its process is ended. Default 5 seconds.</summary>
    public TimeSpan GraceTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a worker may take from its start until it reaches the study. Default 5 minutes.</summary>
    public TimeSpan StartTimeLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The program that is started, an executable or a .dll: the first study of the same name that it reaches must have the same definition.
    /// Default null: this program, as it was started.
    /// </summary>
    public string? Program { get; init; }

    /// <summary>The program's arguments. Default null: those of this program; none if <see cref="Program"/> is given.</summary>
    public ImmutableArray<string>? Arguments { get; init; }

    /// <summary>
    /// Whether trials run in this process after all, as many at a time as there would be workers, without the limits above. Default null: if a debugger
    /// is attached, or if the environment variable <c>AUTOTUNE_IN_PROCESS</c> is 1.
    /// </summary>
    public bool? RunInProcess { get; init; }

    internal WorkerOptions Validated()
    {
        Demand(TrialTimeLimit is null || TrialTimeLimit > TimeSpan.Zero, nameof(TrialTimeLimit), TrialTimeLimit, "above 0, or null for none");
        Demand(MemoryLimit is null or > 0, nameof(MemoryLimit), MemoryLimit, "above 0, or null for none");
        Demand(ThreadsPerWorker >= 1, nameof(ThreadsPerWorker), ThreadsPerWorker, "at least 1");
        Demand(GraceTime >= TimeSpan.Zero, nameof(GraceTime), GraceTime, "at least 0");
        Demand(StartTimeLimit > TimeSpan.Zero, nameof(StartTimeLimit), StartTimeLimit, "above 0");
        return this;
    }

    private static void Demand(bool isMet, string name, IFormattable? value, string rule)
    {
        if (isMet) return;
        var text = value?.ToString(null, System.Globalization.CultureInfo.InvariantCulture);
        throw new ArgumentOutOfRangeException(name, value, $"{nameof(WorkerOptions)}.{name} is {text}; it must be {rule}.");
    }
}
