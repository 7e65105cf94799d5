namespace AutoTune;

/// <summary>What <see cref="OnlineTuner{TBatch, TOutput}"/> needs of a framework: to make models, and to measure what they say.</summary>
/// <typeparam name="TBatch">Some examples of the stream, with their labels.</typeparam>
/// <typeparam name="TOutput">What a model says of a batch; disposed after use if it can be.</typeparam>
/// <remarks>Used by one thread at a time.</remarks>
public interface IOnlineLearner<TBatch, TOutput>
{
    /// <summary>A model that has learnt nothing yet.</summary>
    /// <param name="configuration">Its hyperparameters.</param>
    /// <param name="random">Where its first weights come from.</param>
    IOnlineModel<TBatch, TOutput> Create(Configuration configuration, RandomSource random);

    /// <summary>What several models say together: their weighted mean, if the loss is convex in it.</summary>
    /// <param name="outputs">What each says of the same batch, with its weight; two or more, the weights above 0, with sum 1.</param>
    TOutput Mix(IReadOnlyList<(TOutput Output, double Weight)> outputs);

    /// <summary>The mean loss of a batch, lower is better; NaN or infinite for a model that has diverged.</summary>
    /// <param name="output">What was said of it.</param>
    /// <param name="batch">The batch.</param>
    double Loss(TOutput output, TBatch batch);
}

/// <summary>A live model: it predicts, learns, and can be copied with what it has learnt.</summary>
/// <typeparam name="TBatch">Some examples of the stream, with their labels.</typeparam>
/// <typeparam name="TOutput">What a model says of a batch.</typeparam>
/// <remarks>Used by one thread at a time. Implement <see cref="IStoredModel"/>, too, for a state that can be saved.</remarks>
public interface IOnlineModel<TBatch, TOutput> : IDisposable
{
    /// <summary>What it says of a batch; the labels are not to be looked at, and it is not to change by it.</summary>
    /// <param name="batch">The batch.</param>
    TOutput Predict(TBatch batch);

    /// <summary>Learns from a batch, once.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="random">Randomness for this step.</param>
    void Learn(TBatch batch, RandomSource random);

    /// <summary>A model of its own that has learnt the same, and goes on with other hyperparameters.</summary>
    /// <param name="configuration">The copy's hyperparameters.</param>
    IOnlineModel<TBatch, TOutput> Copy(Configuration configuration);
}

/// <summary>A live model that also knows means of its weights over its last batches, which are less noisy than the last weights, but behind them.</summary>
/// <typeparam name="TBatch">Some examples of the stream, with their labels.</typeparam>
/// <typeparam name="TOutput">What a model says of a batch.</typeparam>
/// <remarks>
/// Polyak and Juditsky 1992, "Acceleration of stochastic approximation by averaging": while nothing changes a mean does what a smaller learning rate would, at once. The tuner listens to whichever did best
/// of late. Three means fit: plain ones since they were begun, and from 4, 16 and 64 batches on exponential ones of about as many. A copy takes them over.
/// </remarks>
public interface IAveragedModel<TBatch, TOutput>
{
    /// <summary>How many means it knows; it stays so.</summary>
    int Means { get; }

    /// <summary>What a mean of the weights says of a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="mean">Which: 0 is the shortest.</param>
    TOutput PredictAveraged(TBatch batch, int mean);

    /// <summary>Begins a mean anew: it becomes the next shorter one, as many batches old as that, or for 0 the last weights.</summary>
    /// <param name="mean">Which: 0 is the shortest.</param>
    void Renew(int mean);
}

/// <summary>A live model whose state can be written and read.</summary>
public interface IStoredModel
{
    /// <summary>Writes what was learnt.</summary>
    /// <param name="writer">Where to.</param>
    void Save(BinaryWriter writer);

    /// <summary>Reads what another of the same configuration wrote; to the byte.</summary>
    /// <param name="reader">Where from.</param>
    void Load(BinaryReader reader);
}
