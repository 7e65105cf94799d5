using System.Globalization;

namespace AutoTune.Faults;

/// <summary>What the study of a child meets.</summary>
internal enum Behaviour
{
    /// <summary>Nothing but its parent's kills.</summary>
    Plain,

    /// <summary>The same, with every trial confirmed by the disk.</summary>
    Confirmed,

    /// <summary>The same, with a space that the objective declares.</summary>
    Declared,

    /// <summary>The same, with trials that pause and go on from their checkpoints.</summary>
    Pausing,

    /// <summary>Trials without any work in them, so that a file grows quickly.</summary>
    Quick,

    /// <summary>An objective that throws in every third trial.</summary>
    Throws,

    /// <summary>An objective that returns NaN in every third trial.</summary>
    NotANumber,

    /// <summary>An objective that ends the process in one trial, at each attempt.</summary>
    Exits,

    /// <summary>An objective that aborts the process in one trial, at each attempt.</summary>
    Aborts,

    /// <summary>Nothing but its parent's kills, with trials in worker processes.</summary>
    Workers,

    /// <summary>Kills of its workers, which its trials run in, while its own process goes on.</summary>
    KilledWorkers,

    /// <summary>An objective that aborts its worker process in one trial, at each attempt.</summary>
    AbortsWorker,

    /// <summary>An objective that ends its worker process in one trial, at each attempt.</summary>
    ExitsWorker,

    /// <summary>An objective that never comes back in one trial and does not heed its cancellation, in a worker process with a time limit.</summary>
    Hangs,

    /// <summary>An objective that allocates without end in one trial, in a worker process with a memory limit.</summary>
    Allocates,

    /// <summary>An objective that reports a hundred thousand times in each trial.</summary>
    Floods,
}

/// <summary>What a child is to do.</summary>
/// <param name="File">The study's file.</param>
/// <param name="Behaviour">What its study meets.</param>
/// <param name="Trials">After how many trials it ends.</param>
/// <param name="Slots">How many of them at a time.</param>
internal sealed record ChildTask(string File, Behaviour Behaviour, int Trials, int Slots = 1)
{
    public static ChildTask Parse(string[] arguments) => new(arguments[1], Enum.Parse<Behaviour>(arguments[2]),
        int.Parse(arguments[3], CultureInfo.InvariantCulture), int.Parse(arguments[4], CultureInfo.InvariantCulture));

    /// <summary>Whether trials run in worker processes.</summary>
    public bool HasWorkers => Behaviour is Behaviour.Workers or Behaviour.KilledWorkers or Behaviour.AbortsWorker or Behaviour.ExitsWorker or Behaviour.Hangs or Behaviour.Allocates;

    public IEnumerable<string> Arguments =>
        ["child", File, Behaviour.ToString(), Trials.ToString(CultureInfo.InvariantCulture), Slots.ToString(CultureInfo.InvariantCulture)];
}
