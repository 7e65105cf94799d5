namespace AutoTune.Torch;

/// <summary>How the largest batch that fits is looked for. Immutable and thread-safe.</summary>
public sealed record BatchSizeOptions
{
    /// <summary>The first size, at least 1. Default 1.</summary>
    public int Smallest { get; init; } = 1;

    /// <summary>
    /// The largest size that is tried, at least <see cref="Smallest"/>: the number of training examples, or what is still useful. Default 1,024. A CPU has
    /// no memory of its own that could run out: there this is the limit, or <see cref="MemoryLimit"/>.
    /// </summary>
    public int Largest { get; init; } = 1024;

    /// <summary>How many more bytes of memory a step may take than before the search, by <see cref="Memory"/>; null: no limit but the device's own.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>
    /// Tells how many bytes the process has taken at most so far; null: the operating system's peak of the process. A peak does not fall: with a limit sizes go by doublings only.
    /// </summary>
    public Func<long>? Memory { get; init; }

    internal void Check()
    {
        if (Smallest < 1 || Largest < Smallest) throw new ArgumentException($"Batch sizes from {Smallest} to {Largest}: the smallest must be at least 1, the largest not below it.");
        if (MemoryLimit <= 0) throw new ArgumentException($"BatchSizeOptions.MemoryLimit {MemoryLimit} must be above 0, or null for none.");
    }
}
