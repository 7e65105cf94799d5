using AutoTune.Torch;
using AutoTune.Torch.Devices;
using AutoTune.Torch.Training;
using TorchSharp;
using TorchSharp.Modules;

namespace AutoTune;

/// <summary>What a training sees of its trial: configuration, device, randomness, epochs, checkpoints.</summary>
/// <remarks>
/// <para>
/// <see cref="Epochs"/> is the frame of a training loop: each round has a dispose scope and a random state of its own, so that no tensor outlives the epoch in
/// which it was made unless it is moved out, and so that a training that was paused or killed goes on bit for bit as if it had not been.
/// </para>
/// <para>To be used by the objective's own thread.</para>
/// </remarks>
public sealed class TorchTrial : ITrialContext
{
    private readonly ITrialContext _trial;
    private readonly TorchOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationToken _cancellationToken;
    private readonly List<KeptState> _kept = [];
    private readonly List<IDisposable> _owned = [];
    private readonly List<(int Step, double Value)> _reports = []; // of this attempt
    private readonly bool _isAnew; // each budget is a training of its own, of which the end alone is reported
    private int _repeated; // the last epoch that an earlier attempt at the trial has reported, and this one has repeated
    private int _pauseAt; // where the repeated reports were answered with a pause; 0: nowhere
    private bool _hasTrained, _isReported; // reported: the epoch that is being trained
    private Directive _answer = Directive.Continue;
    private long _lastCheckpoint;
    private int _savedAt; // the epoch of the last checkpoint of this attempt
    private LossMeter? _losses;

    internal TorchTrial(ITrialContext trial, torch.Device device, TrialSteps steps, TorchOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        (_trial, Device, EpochCount) = (trial, device, trial.Budget ?? steps.Count);
        _isAnew = steps.Kind == StepKind.Lengths;
        WholeEpochCount = _isAnew ? EpochCount : steps.Count;
        (_options, _time, _cancellationToken) = (options, time, cancellationToken);
        _lastCheckpoint = time.GetTimestamp();
        Random = options.SharedSeed is { } seed ? new RandomSource(seed) : trial.Random;
        Seed(Random.Fork("initialisation"));
    }

    /// <summary>Where the training belongs: <c>net.to(trial.Device)</c>.</summary>
    public torch.Device Device { get; }

    /// <summary>After how many epochs in all the training ends, as its scheduler, <c>WithEpochs</c> or <c>WithLengths</c> says.</summary>
    public int EpochCount { get; }

    /// <summary>
    /// How many epochs a whole training has: what a learning-rate schedule reckons by. By <c>WithEpochs</c> what it says, since a trial that is promoted has another
    /// <see cref="EpochCount"/> when it goes on; by <c>WithLengths</c>, where it begins anew, its <see cref="EpochCount"/>.
    /// </summary>
    public int WholeEpochCount { get; }

    /// <summary>The epoch that is being trained, counted from 1; before the first the one after which the training goes on.</summary>
    public int Epoch { get; private set; }

    /// <summary>The mean of the losses of this epoch that <see cref="Descend"/> saw; null before the first.</summary>
    /// <remarks>Waits for the device.</remarks>
    public double? TrainingLoss => _losses?.Mean;

    /// <inheritdoc/>
    public TrialId Id => _trial.Id;

    /// <inheritdoc/>
    public Configuration Configuration => _trial.Configuration;

    /// <inheritdoc/>
    public int? Budget => _trial.Budget;

    /// <inheritdoc/>
    public int ResumeAfterStep => _trial.ResumeAfterStep;

    /// <inheritdoc/>
    public RandomSource Random { get; }

    /// <inheritdoc/>
    public string ArtifactDirectory => _trial.ArtifactDirectory;

    /// <inheritdoc/>
    public long? ArtifactLimit => _trial.ArtifactLimit;

    /// <summary>The trial's own randomness, also where trials share a seed.</summary>
    internal RandomSource OwnRandom => _trial.Random;

    private bool HasEnded => !_answer.IsContinue && _pauseAt == 0;

    /// <summary>The last value that was reported; NaN before the first.</summary>
    internal double LastValue => _reports.Count > 0 ? _reports[^1].Value : double.NaN;

    /// <inheritdoc/>
    public double Declare(HyperparameterDeclaration declaration) => _trial.Declare(declaration);

    /// <summary>Makes a network part of the trial's checkpoints, and disposes it when the trial ends.</summary>
    /// <param name="name">A name of its own within the trial.</param>
    /// <param name="module">The network, on its device.</param>
    /// <returns>The network.</returns>
    /// <exception cref="InvalidOperationException">The training's epochs have begun, or the name is taken.</exception>
    public T Keep<T>(string name, T module) where T : torch.nn.Module
    {
        ArgumentNullException.ThrowIfNull(module);
        Keep(KeptState.Of(name, module));
        _owned.Add(module);
        return module;
    }

    /// <summary>Makes an optimizer part of the trial's checkpoints, and disposes it when the trial ends: its state is in no dispose scope.</summary>
    /// <param name="name">A name of its own within the trial.</param>
    /// <param name="optimizer">The optimizer; <c>torch.optim</c> makes them.</param>
    /// <returns>The optimizer.</returns>
    /// <remarks>From a checkpoint of another configuration, as population based training copies, it takes its state, not its learning rate and other hyperparameters.</remarks>
    /// <exception cref="ArgumentException">It is of a kind whose state TorchSharp cannot save.</exception>
    /// <exception cref="InvalidOperationException">The training's epochs have begun, or the name is taken.</exception>
    public T KeepOptimizer<T>(string name, T optimizer) where T : torch.optim.Optimizer
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        Keep(KeptState.Of(name, optimizer as OptimizerHelper ?? throw new ArgumentException($"'{name}' is a {optimizer.GetType().Name}, whose state TorchSharp cannot save; use another optimizer, or keep its state by Keep(name, save, load).", nameof(optimizer))));
        _owned.Add(optimizer);
        return optimizer;
    }

    /// <summary>Makes anything else part of the trial's checkpoints.</summary>
    /// <param name="name">A name of its own within the trial.</param>
    /// <param name="save">Writes it.</param>
    /// <param name="load">Reads it.</param>
    /// <exception cref="InvalidOperationException">The training's epochs have begun, or the name is taken.</exception>
    public void Keep(string name, Action<BinaryWriter> save, Action<BinaryReader> load)
    {
        ArgumentNullException.ThrowIfNull(save);
        ArgumentNullException.ThrowIfNull(load);
        Keep(new KeptState(name, () => "", save, load));
    }

    /// <summary>The epochs that are to be trained, the first to the last, or those after the checkpoint that the trial goes on from: <c>foreach (var epoch in trial.Epochs())</c>.</summary>
    /// <remarks>
    /// What was kept has its state of that checkpoint when the first round begins. Each round ends with a <see cref="Report"/>; leave the loop when its answer is not to continue.
    /// </remarks>
    /// <exception cref="InvalidDataException">The checkpoint is one of another network.</exception>
    /// <exception cref="InvalidOperationException">The trial is to go on from a checkpoint and keeps nothing, or epochs are asked for a second time.</exception>
    /// <exception cref="OperationCanceledException">The study ends before the trial does.</exception>
    public IEnumerable<int> Epochs()
    {
        if (Epoch > 0) throw new InvalidOperationException($"{Id}: Epochs() is asked for a second time; a trial trains once.");
        if (ResumeAfterStep > 0 && _kept.Count == 0 && !_isAnew)
            throw new InvalidOperationException($"{Id} was paused after epoch {ResumeAfterStep} and is to go on, but keeps nothing to go on with; say trial.Keep(\"net\", net) and trial.KeepOptimizer(\"optimizer\", optimizer) before trial.Epochs().");
        Epoch = _isAnew ? 0 : ResumeAfterStep;
        var ahead = Repeat();
        if (HasEnded) yield break;
        if (ahead is { } step && _pauseAt == 0) Load(_trial.Artifacts.OpenCheckpoint(step)!);
        else if (Epoch > 0) Load(_trial.Artifacts.OpenCheckpoint());
        if (_pauseAt == 0) Epoch = Math.Max(Epoch, _repeated);
        while (Epoch < EpochCount)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            Epoch++;
            _hasTrained = true;
            using var scope = torch.NewDisposeScope();
            _losses = new LossMeter(Id, Epoch, Device);
            _isReported = false;
            Seed(Random.Fork("epoch", Epoch));
            yield return Epoch;
            if (HasEnded) yield break;
            if (!_isReported) _losses.Check(); // of a loop that reports its last epoch alone, or none
        }

        SaveEnd(); // here, not when the objective has returned: it may have disposed what it kept by then
    }

    /// <summary>Takes a step down the loss's gradient: clears the gradients, goes back through the loss, clips, lets the optimizer step.</summary>
    /// <param name="loss">The loss of a batch, a scalar. It is checked at the end of the epoch, without waiting for the device at each batch.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="clip">Above which norm the gradients are scaled down to it, all together; null: not.</param>
    /// <exception cref="ArgumentException">The loss is no scalar, or depends on nothing that is trained.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The norm to clip to is not above 0.</exception>
    public void Descend(torch.Tensor loss, torch.optim.Optimizer optimizer, double? clip = null)
    {
        ScalarLoss.Demand(loss);
        ArgumentNullException.ThrowIfNull(optimizer);
        if (clip is not (null or > 0)) throw new ArgumentOutOfRangeException(nameof(clip), clip, "The norm that gradients are clipped to must be above 0; null leaves them as they are.");
        optimizer.zero_grad();
        loss.backward();
        if (clip is { } norm) torch.nn.utils.clip_grad_norm_(optimizer.parameters(), norm);
        optimizer.step();
        _losses?.Add(loss);
    }

    /// <summary>Reports the validation value of an epoch and hears whether to go on. Asked to pause, it has saved the checkpoint when it returns.</summary>
    /// <param name="step">The epoch, as <see cref="Epochs"/> gave it.</param>
    /// <param name="value">The value of the goal's metric, as the goal counts it. By <c>WithLengths</c> that of the last epoch alone counts.</param>
    /// <exception cref="NonFiniteValueException">The value is not finite: the trial fails with this reason.</exception>
    /// <exception cref="NonFiniteLossException">The training loss of the epoch is not finite: the trial fails with this reason.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It is not the epoch that <see cref="Epochs"/> is in.</exception>
    /// <exception cref="InvalidOperationException">The trial has ended: it was told to stop or to pause. Or it is to go on after an epoch, and trains from the first.</exception>
    public Directive Report(int step, double value)
    {
        if (HasEnded) throw new InvalidOperationException($"{Id}: a report of epoch {step} comes after its end ({_answer.Reason}); leave the loop when Report says not to continue.");
        Demand(step);
        _losses?.Check();
        _isReported = true;
        if (step <= _repeated) return Repeated(step);
        _answer = Tell(step, value);
        _reports.Add((step, value));
        var isDue = _options.CheckpointEvery is { } every && step > ResumeAfterStep && step < EpochCount && _time.GetElapsedTime(_lastCheckpoint) >= every;
        if (_kept.Count > 0 && (_answer.Action == DirectiveAction.Pause || (isDue && _answer.IsContinue))) Save(step);
        if (_answer.Action == DirectiveAction.Stop) SaveEnd();
        return _answer;
    }

    /// <summary>Saves the network as the last epoch left it, if that has not been done.</summary>
    internal void SaveEnd()
    {
        if (_kept.Count > 0 && _hasTrained && _answer.Action != DirectiveAction.Pause && _savedAt < Epoch) Save(Epoch);
    }

    /// <summary>Disposes it when the trial ends.</summary>
    internal void Own(IDisposable owned) => _owned.Add(owned);

    /// <summary>Frees what no dispose scope does.</summary>
    internal void Free()
    {
        foreach (var owned in _owned) owned.Dispose();
    }

    /// <summary>Gives what was kept the state that a trial left.</summary>
    internal void LoadEnd() => Load((_trial.Artifacts.LastCheckpoint is { } step ? _trial.Artifacts.OpenCheckpoint(step) : null) ?? throw new InvalidOperationException($"{Id} left no checkpoint in {ArtifactDirectory}; it was cleaned away (KeepArtifactsOfBest), or the training keeps nothing (TorchTrial.Keep)."));

    private static void Seed(RandomSource random) => RandomState.Set(unchecked((long)(random.NextUInt64() >> 1)));

    private void Demand(int step)
    {
        if (_hasTrained && step != Epoch) throw new ArgumentOutOfRangeException(nameof(step), step, $"{Id} is in epoch {Epoch} and reports epoch {step}; report the number that trial.Epochs() gives, once an epoch.");
        if (!_hasTrained && !_isAnew && step <= ResumeAfterStep)
            throw new InvalidOperationException($"{Id} is to go on after epoch {ResumeAfterStep}, and its loop reports epoch {step}: it began anew. Loop by foreach (var epoch in trial.Epochs()), which goes on from the checkpoint.");
    }

    // One that is not finite ends the trial here as elsewhere: what comes after it is no better.
    private Directive Tell(int step, double value) => _isAnew && step < EpochCount && double.IsFinite(value) ? Directive.Continue : _trial.Report(step, value);

    private void Keep(KeptState state)
    {
        if (Epoch > 0 || _reports.Count > 0) throw new InvalidOperationException($"{Id}: '{state.Name}' is kept after the epochs have begun; keep it before, as its state may be in the checkpoint.");
        if (_kept.Exists(other => other.Name == state.Name)) throw new InvalidOperationException($"{Id}: '{state.Name}' is kept already; give each thing a name of its own.");
        _kept.Add(state);
    }

    /// <summary>Reports once more what an attempt reported that ended before its time; its checkpoint spares the training.</summary>
    /// <returns>The step of the checkpoint after those reports; null if there is none.</returns>
    private int? Repeat()
    {
        if (_kept.Count == 0 || _trial.Artifacts.LastCheckpoint is not { } last || last <= ResumeAfterStep || last >= EpochCount) return null;
        CheckpointHead head;
        using (var checkpoint = _trial.Artifacts.OpenCheckpoint(last)!) head = Checkpoint.ReadHead(checkpoint);
        if (!head.IsOf(this)) return null;
        foreach (var (step, value) in head.Reports)
        {
            _answer = Tell(step, value);
            _reports.Add((step, value));
            _repeated = step;
            if (_answer.IsContinue) continue;
            // The study has moved on meanwhile and ends it earlier than it came. To be paused it needs the state of that epoch: those epochs are trained again.
            if (_answer.Action == DirectiveAction.Pause && step < head.Epoch) _pauseAt = step;
            break;
        }

        return last;
    }

    /// <summary>A report that was made already, by <see cref="Repeat"/>.</summary>
    private Directive Repeated(int step)
    {
        if (step < _pauseAt) return Directive.Continue;
        _pauseAt = 0;
        Save(step);
        return _answer;
    }

    private void Save(int step)
    {
        _trial.Artifacts.WriteCheckpoint(step, stream => Checkpoint.Write(stream, step, _trial, _reports, _kept));
        (_lastCheckpoint, _savedAt) = (_time.GetTimestamp(), step);
    }

    private void Load(Stream checkpoint)
    {
        using (checkpoint) Checkpoint.Read(checkpoint, _trial, _kept);
    }
}
