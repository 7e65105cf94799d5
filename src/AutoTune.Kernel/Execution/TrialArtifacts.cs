using System.Globalization;
using AutoTune.Execution;

namespace AutoTune;

/// <summary>The files of a trial: checkpoints and whatever else it leaves behind, in its <see cref="ITrialContext.ArtifactDirectory"/>.</summary>
/// <remarks>
/// A file is there as a whole or not at all: it is written under another name and renamed when the disk has it, so that neither a kill
/// nor a loss of power leaves half a checkpoint. To be used by the objective's own thread.
/// </remarks>
public sealed class TrialArtifacts
{
    internal const string Unfinished = ".part";
    private const string Checkpoint = "checkpoint-";
    private readonly ITrialContext _trial;

    internal TrialArtifacts(ITrialContext trial) => _trial = trial;

    /// <summary>How many bytes the trial's files have in all.</summary>
    public long Size => new DirectoryInfo(_trial.ArtifactDirectory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    /// <summary>Writes a file; one of this name is replaced.</summary>
    /// <param name="name">Its name, which may be in a folder: <c>plots/loss.png</c>.</param>
    /// <param name="write">Writes its content; may close the stream.</param>
    /// <exception cref="ArtifactLimitException">The trial's files would be larger than its study allows; an earlier file of this name stands.</exception>
    /// <exception cref="ArgumentException">The name leads out of the trial's folder.</exception>
    public void Write(string name, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = path + Unfinished;
        try
        {
            using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.ReadWrite, FileShare.None))
            {
                write(Writable(file, name, path));
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    /// <summary>Opens a file; null if the trial has none of this name.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">The name leads out of the trial's folder.</exception>
    public Stream? OpenRead(string name)
    {
        var path = PathOf(name);
        return File.Exists(path) ? File.OpenRead(path) : null;
    }

    /// <summary>
    /// Writes the checkpoint of a step. Older ones are deleted, but for the one that the trial went on from: if this attempt fails, the next goes on from there, too.
    /// </summary>
    /// <param name="step">The step, reported or about to be.</param>
    /// <param name="write">Writes its content.</param>
    /// <exception cref="ArtifactLimitException">The trial's files would be larger than its study allows.</exception>
    public void WriteCheckpoint(int step, Action<Stream> write)
    {
        Write(CheckpointOf(step), write);
        string[] kept = [CheckpointOf(step), CheckpointOf(_trial.ResumeAfterStep)];
        foreach (var file in Directory.EnumerateFiles(_trial.ArtifactDirectory, Checkpoint + "*"))
        {
            if (!kept.Contains(Path.GetFileName(file))) File.Delete(file);
        }
    }

    /// <summary>The step of the newest checkpoint that is there, also of one by an attempt that ended before its time; null if there is none.</summary>
    public int? LastCheckpoint => !Directory.Exists(_trial.ArtifactDirectory) ? null
        : Directory.EnumerateFiles(_trial.ArtifactDirectory, Checkpoint + "*")
            .Select(file => int.TryParse(Path.GetFileName(file).AsSpan(Checkpoint.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : (int?)null).Max();

    /// <summary>Opens the checkpoint of a step; null if there is none.</summary>
    /// <param name="step">The step that it was written for.</param>
    public Stream? OpenCheckpoint(int step) => OpenRead(CheckpointOf(step));

    /// <summary>Opens the checkpoint of the step after which the trial is to go on, <see cref="ITrialContext.ResumeAfterStep"/>.</summary>
    /// <exception cref="InvalidOperationException">The trial is a fresh one, or wrote no checkpoint at that step.</exception>
    public Stream OpenCheckpoint()
    {
        if (_trial.ResumeAfterStep == 0) throw new InvalidOperationException($"{_trial.Id} is a fresh trial, there is no checkpoint to go on from; ask ResumeAfterStep first.");
        return OpenCheckpoint(_trial.ResumeAfterStep) ?? throw new InvalidOperationException(
            $"{_trial.Id} is to go on after step {_trial.ResumeAfterStep} and has no checkpoint of it; write one by WriteCheckpoint before a report that may be answered with a pause, or right after.");
    }

    /// <summary>The unfinished file as the objective has it: it may be closed, as a writer around it does, and is then still to be flushed.</summary>
    private LimitedStream Writable(FileStream file, string name, string path)
    {
        if (_trial.ArtifactLimit is not { } limit) return new LimitedStream(file, long.MaxValue, () => new System.Diagnostics.UnreachableException());
        var others = Size - file.Length - (File.Exists(path) ? new FileInfo(path).Length : 0);
        return new LimitedStream(file, limit - others, () => new ArtifactLimitException(_trial.Id, name, others, limit));
    }

    private static string CheckpointOf(int step) => string.Create(CultureInfo.InvariantCulture, $"{Checkpoint}{step}");

    private string PathOf(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var folder = Path.GetFullPath(_trial.ArtifactDirectory);
        var path = Path.GetFullPath(Path.Combine(folder, name));
        return path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) && !path.EndsWith(Unfinished, StringComparison.Ordinal)
            ? path
            : throw new ArgumentException($"'{name}' is no name for a file of {_trial.Id}; give one that stays in its folder and does not end in {Unfinished}.", nameof(name));
    }
}
