namespace AutoTune.Tuners.Online;

/// <summary>A live model with what is known of it.</summary>
/// <param name="id">Its number.</param>
/// <param name="model">The model.</param>
/// <param name="configuration">Its hyperparameters.</param>
/// <param name="move">How it came about; null: it is the first.</param>
/// <param name="born">After which batch it was begun.</param>
internal sealed class LiveModel<TBatch, TOutput>(int id, IOnlineModel<TBatch, TOutput> model, Configuration configuration, Move? move, long born)
{
    private const double Fading = 0.8; // as in the mixture

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

    /// <summary>By how much the loss of its mean weights was lower than that of its last ones, faded.</summary>
    public double AverageLead { get; set; }

    /// <summary>Whether the mean of its weights speaks for it.</summary>
    public bool IsAveraged => AverageLead > 0;

    /// <summary>Whether it is listened to: it was tested after it had learnt, and was not far off in the last batch.</summary>
    public bool HasSay { get; set; }

    /// <summary>Whether it is kept for what it does for others, not to be the best now.</summary>
    public bool Stays { get; set; }

    /// <summary>What it says of a batch.</summary>
    public TOutput Predict(TBatch batch) => IsAveraged ? ((IAveragedModel<TBatch, TOutput>)Model).PredictAveraged(batch) : Model.Predict(batch);

    /// <summary>What it says of a batch, with the loss of that; learns whether its last weights or their mean are to speak.</summary>
    public (TOutput Output, double Loss) Test(TBatch batch, IOnlineLearner<TBatch, TOutput> learner)
    {
        var last = Model.Predict(batch);
        var loss = learner.Loss(last, batch);
        if (Model is not IAveragedModel<TBatch, TOutput> averaged) return (last, loss);
        var mean = averaged.PredictAveraged(batch);
        var (lossOfMean, wasAveraged) = (learner.Loss(mean, batch), IsAveraged);
        var lead = loss - lossOfMean;
        // Last weights that are not finite are the model's end, whatever their mean says.
        if (double.IsFinite(lead)) AverageLead = Fading * AverageLead + lead;
        ((wasAveraged ? last : mean) as IDisposable)?.Dispose();
        return wasAveraged && double.IsFinite(loss) ? (mean, lossOfMean) : (wasAveraged ? mean : last, loss);
    }

    public void Save(BinaryWriter writer, OnlineState state)
    {
        writer.Write(id);
        state.Write(writer, configuration);
        OnlineState.Write(writer, Move);
        writer.Write(born);
        writer.Write(Lease);
        writer.Write(Grace);
        writer.Write(Faded);
        writer.Write(AverageLead);
        writer.Write(HasSay);
        writer.Write(Stays);
        Contest.Save(writer);
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
                Lease = reader.ReadInt32(), Grace = reader.ReadInt32(), Faded = reader.ReadDouble(), AverageLead = reader.ReadDouble(), HasSay = reader.ReadBoolean(), Stays = reader.ReadBoolean(),
            };
            live.Contest.Load(reader);
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
