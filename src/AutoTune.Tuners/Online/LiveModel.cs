namespace AutoTune.Tuners.Online;

/// <summary>A live model with what is known of it.</summary>
/// <param name="id">Its number.</param>
/// <param name="model">The model.</param>
/// <param name="configuration">Its hyperparameters.</param>
/// <param name="move">How it came about; null: it is the first.</param>
/// <param name="born">After which batch it was begun.</param>
internal sealed class LiveModel<TBatch, TOutput>(int id, IOnlineModel<TBatch, TOutput> model, Configuration configuration, Move? move, long born)
{
    private readonly Voice _voice = new((model as IAveragedModel<TBatch, TOutput>)?.Means ?? 0);

    public int Id => id;

    public IOnlineModel<TBatch, TOutput> Model => model;

    public Configuration Configuration => configuration;

    /// <summary>How it came about; null: it is the first, or has been champion.</summary>
    public Move? Move { get; set; } = move;

    public long Born => born;

    /// <summary>How many batches are left before it must be ahead.</summary>
    public int Lease { get; set; }

    /// <summary>How many batches it learns before it is compared.</summary>
    public int Grace { get; set; }

    /// <summary>Its record against the champion.</summary>
    public Contest Contest { get; } = new();

    /// <summary>Its faded loss in the mixture.</summary>
    public double Faded { get; set; }

    /// <summary>Which mean of its weights speaks for it; null: the last ones.</summary>
    public int? Mean => _voice.Mean;

    /// <summary>Whether it is listened to: it was tested after it had learnt, and was not far off in the last batch.</summary>
    public bool HasSay { get; set; }

    /// <summary>Whether it is kept for what it does for others, not to be the best now.</summary>
    public bool Stays { get; set; }

    /// <summary>What it says of a batch.</summary>
    public TOutput Predict(TBatch batch) => Mean is { } mean ? ((IAveragedModel<TBatch, TOutput>)Model).PredictAveraged(batch, mean) : Model.Predict(batch);

    /// <summary>What it says of a batch, with the loss of that; learns whether its last weights or which mean of them are to speak.</summary>
    public (TOutput Output, double Loss) Test(TBatch batch, IOnlineLearner<TBatch, TOutput> learner)
    {
        var said = Model.Predict(batch);
        var last = learner.Loss(said, batch);
        if (Model is not IAveragedModel<TBatch, TOutput> averaged) return (said, last);
        var (speaker, loss, shorter) = (Mean, last, last);
        for (var k = 0; k < averaged.Means; k++)
        {
            var (mean, spoken) = (averaged.PredictAveraged(batch, k), said);
            var own = learner.Loss(mean, batch);
            if (k == speaker) (said, mean) = (mean, spoken);
            (mean as IDisposable)?.Dispose();
            // Last weights that are not finite are the model's end, whatever their mean says.
            if (k == speaker && double.IsFinite(last)) loss = own;
            if (_voice.Hear(k, last, shorter, own)) averaged.Renew(k);
            shorter = own;
        }

        return (said, loss);
    }

    /// <summary>After a surprise nothing is known but the last weights: they speak.</summary>
    public void ForgetMeans() => _voice.Reset();

    public void Save(BinaryWriter writer, OnlineState state)
    {
        writer.Write(id);
        state.Write(writer, configuration);
        OnlineState.Write(writer, Move);
        writer.Write(born);
        writer.Write(Lease);
        writer.Write(Grace);
        writer.Write(Faded);
        writer.Write(HasSay);
        writer.Write(Stays);
        Contest.Save(writer);
        _voice.Save(writer);
        OnlineState.Save(writer, model);
    }

    public static LiveModel<TBatch, TOutput> Load(BinaryReader reader, OnlineState state, IOnlineLearner<TBatch, TOutput> learner)
    {
        var (id, configuration, move, born) = (reader.ReadInt32(), state.ReadConfiguration(reader), OnlineState.ReadMove(reader), reader.ReadInt64());
        var model = learner.Create(configuration, new RandomSource(0));
        try
        {
            var live = new LiveModel<TBatch, TOutput>(id, model, configuration, move, born)
            {
                Lease = reader.ReadInt32(), Grace = reader.ReadInt32(), Faded = reader.ReadDouble(), HasSay = reader.ReadBoolean(), Stays = reader.ReadBoolean(),
            };
            live.Contest.Load(reader);
            live._voice.Load(reader);
            OnlineState.Load(reader, model);
            return live;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
