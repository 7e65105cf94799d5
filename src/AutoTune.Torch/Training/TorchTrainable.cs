namespace AutoTune;

/// <summary>A training that can be tuned: set up with a configuration, trained epoch by epoch, validated after each, paused and resumed.</summary>
/// <remarks>
/// One is made for each trial and used by one thread. Tensors that its methods make belong to a dispose scope around the method; what
/// <see cref="Setup"/> makes lives as long as the trial. Write no <c>await</c> inside: scopes are the thread's.
/// </remarks>
public abstract class TorchTrainable : IDisposable
{
    /// <summary>Makes network, optimizer and data for the trial's configuration on the trial's device, and keeps what training changes: <c>_net = trial.Keep("net", new Net().to(trial.Device))</c>.</summary>
    /// <param name="trial">The configuration (<c>trial.Configuration.Get(rate)</c>), the device, the randomness.</param>
    /// <remarks>libtorch's random state has been set from the trial's seed, so that initial weights repeat.</remarks>
    public abstract void Setup(TorchTrial trial);

    /// <summary>Trains for one epoch.</summary>
    /// <param name="epoch">Which, counted from 1.</param>
    public abstract void TrainEpoch(int epoch);

    /// <summary>The value of the goal's metric on the validation data, for the network as it is now.</summary>
    public abstract double Validate();

    /// <summary>Adds figures when the whole training has ended, such as the network's size and latency: <c>values.With("size", ModelSize.Of(_net).Bytes)</c>. By default none.</summary>
    /// <param name="values">The last value of <see cref="Validate"/>.</param>
    /// <returns>The same with more.</returns>
    public virtual TrialValues Measure(TrialValues values) => values;

    /// <summary>Writes state of a checkpoint beyond what was kept in <see cref="Setup"/>. By default nothing.</summary>
    /// <param name="writer">Where to.</param>
    public virtual void Save(BinaryWriter writer) { }

    /// <summary>Reads what <see cref="Save"/> wrote; called after <see cref="Setup"/>.</summary>
    /// <param name="reader">Where from.</param>
    public virtual void Load(BinaryReader reader) { }

    /// <summary>Frees what was kept where no trial does it, in a training that was restored.</summary>
    internal Action? Free { get; set; }

    /// <summary>Frees what is not a tensor of the trial's scope; of a training that was restored also the networks and optimizers that it keeps.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        Free?.Invoke();
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what is not a tensor of the trial's scope. By default nothing.</summary>
    /// <param name="disposing">Whether it is disposed, not finalized.</param>
    protected virtual void Dispose(bool disposing) { }
}
