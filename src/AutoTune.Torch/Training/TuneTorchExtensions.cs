using AutoTune.Execution;
using AutoTune.Torch;
using AutoTune.Torch.Training;

namespace AutoTune;

/// <summary>Tunes TorchSharp trainings.</summary>
public static class TuneTorchExtensions
{
    /// <summary>Tunes a training: <c>study.WithEpochs(20).StopEarly().TuneTorchAsync(() => new DigitsTraining(rate, width))</c>.</summary>
    /// <param name="study">Space, goal, tuner, scheduler, limits, and by <c>WithEpochs</c> or <c>WithLengths</c> how many epochs a whole training has.</param>
    /// <param name="create">Makes the training of a trial.</param>
    /// <param name="options">Devices, threads, checkpoints; null: the defaults.</param>
    /// <param name="cancellationToken">Ends running trainings after their epoch and gives the best so far.</param>
    /// <remarks>Trials that run at a time get worker processes unless the study or <see cref="TorchOptions.ShareProcess"/> says otherwise: the program is started again for each, see <c>InWorkerProcesses</c>.</remarks>
    /// <exception cref="StudyDefinitionException">The description has problems, all are listed, among them that nothing says how many epochs a training has, and devices that are not there.</exception>
    /// <exception cref="StudyFailedException">No trial gave a value.</exception>
    public static async Task<TunedTraining<TTraining>> TuneTorchAsync<TTraining>(this StudyBuilder study, Func<TTraining> create, TorchOptions? options = null, CancellationToken cancellationToken = default)
        where TTraining : TorchTrainable
    {
        ArgumentNullException.ThrowIfNull(create);
        var result = await study.TuneTorchAsync(trial => Train(create, trial), options, cancellationToken).ConfigureAwait(false);
        return new TunedTraining<TTraining>(result, create);
    }

    /// <summary>Tunes a training loop of your own: <c>study.WithEpochs(20).TuneTorchAsync(trial => { ... foreach (var epoch in trial.Epochs()) ... })</c>.</summary>
    /// <param name="study">Space, goal, tuner, scheduler, limits, and by <c>WithEpochs</c> or <c>WithLengths</c> how many epochs a whole training has.</param>
    /// <param name="train">Trains the trial's configuration and returns the last value that it reported. What it makes is freed when it returns.</param>
    /// <param name="options">Devices, threads, checkpoints; null: the defaults.</param>
    /// <param name="cancellationToken">Ends running trainings after their epoch and gives the best so far.</param>
    /// <inheritdoc cref="TuneTorchAsync{TTraining}(StudyBuilder, Func{TTraining}, TorchOptions?, CancellationToken)" path="/remarks"/>
    /// <exception cref="StudyDefinitionException">The description has problems, all are listed, among them that nothing says how many epochs a training has, and devices that are not there.</exception>
    /// <exception cref="StudyFailedException">No trial gave a value.</exception>
    public static Task<StudyResult> TuneTorchAsync(this StudyBuilder study, Func<TorchTrial, double> train, TorchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        return study.TuneTorchAsync(trial => new TrialValues(train(trial)), options, cancellationToken);
    }

    /// <summary>Tunes a training loop of your own that gives further figures: <c>return new TrialValues(accuracy).With("latency", latency.Milliseconds);</c>, for <c>study.Require("latency", atMost: 2)</c>.</summary>
    /// <param name="study">Space, goal, tuner, scheduler, limits, and by <c>WithEpochs</c> or <c>WithLengths</c> how many epochs a whole training has.</param>
    /// <param name="train">Trains the trial's configuration and returns the last value that it reported, with other metrics. What it makes is freed when it returns.</param>
    /// <param name="options">Devices, threads, checkpoints; null: the defaults.</param>
    /// <param name="cancellationToken">Ends running trainings after their epoch and gives the best so far.</param>
    /// <inheritdoc cref="TuneTorchAsync{TTraining}(StudyBuilder, Func{TTraining}, TorchOptions?, CancellationToken)" path="/remarks"/>
    /// <exception cref="StudyDefinitionException">The description has problems, all are listed, among them that nothing says how many epochs a training has, and devices that are not there.</exception>
    /// <exception cref="StudyFailedException">No trial gave a value.</exception>
    public static async Task<StudyResult> TuneTorchAsync(this StudyBuilder study, Func<TorchTrial, TrialValues> train, TorchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(train);
        options ??= new TorchOptions();
        foreach (var problem in options.Problems()) study.Demand(false, problem);
        study.Demand(study.Steps is { Kind: StepKind.Epochs or StepKind.Lengths }, "it is not said how many epochs a training has; say WithEpochs(20).");
        var steps = study.Steps ?? new TrialSteps(1, StepKind.Epochs);
        if (steps.Kind == StepKind.Epochs) study.WithEpochs(steps.Count, canResume: true);
        if (study.Slots > 1 && !study.HasExecutor && !options.ShareProcess) study.InWorkerProcesses(study.Slots, new WorkerOptions { ThreadsPerWorker = Math.Max(options.Threads, 1) });
        using var quiet = FreedNumberException.Avoid(); // for all trials: one that begins would find collections under way that began since the last
        var result = await study.RunAsync(new TorchObjective(train, steps, options, study.Time), cancellationToken).ConfigureAwait(false);
        return result with { Warnings = [.. result.Warnings, .. TrainingWarnings.Of(result.View, steps)] };
    }

    private static TrialValues Train<TTraining>(Func<TTraining> create, TorchTrial trial) where TTraining : TorchTrainable
    {
        using var training = create() ?? throw new InvalidOperationException("TuneTorchAsync's create returned null; return a training of its own for each trial: () => new DigitsTraining(rate).");
        training.SetUp(trial);
        foreach (var epoch in trial.Epochs())
        {
            training.TrainEpoch(epoch);
            if (!trial.Report(epoch, training.Validate()).IsContinue) return trial.LastValue;
        }

        return training.Measure(new TrialValues(trial.LastValue));
    }

    /// <summary>Sets a training up, its own state kept with what it keeps.</summary>
    internal static void SetUp(this TorchTrainable training, TorchTrial trial)
    {
        training.Setup(trial);
        trial.Keep("training", training.Save, training.Load);
    }
}
