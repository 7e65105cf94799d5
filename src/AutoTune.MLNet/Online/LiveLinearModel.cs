using System.Collections.Immutable;
using System.Text;
using AutoTune.MLNet.Online;
using AutoTune.Tuners.Online;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AutoTune;

/// <summary>A linear model of ML.NET that learns from a stream while its hyperparameters are adapted: made by <c>ml.TuneOnline(...)</c>.</summary>
/// <remarks>To be used by one thread at a time.</remarks>
public sealed class LiveLinearModel : IDisposable
{
    private const string Magic = "ATLL";
    private const int Version = 1;
    private readonly MLContext _ml;
    private readonly OnlineTrainer _trainer;
    private readonly IEstimator<ITransformer>? _preparation;
    private readonly OnlineTuner<LabelledRows, double[]> _tuner;
    private ITransformer? _prepared;
    private DataViewSchema? _schema;
    private int _features; // 0: nothing was learnt
    private bool _isDisposed;

    internal LiveLinearModel(MLContext ml, OnlineTrainer trainer, IEstimator<ITransformer>? preparation, OnlineOptions options)
    {
        (_ml, _trainer, _preparation) = (ml, trainer, preparation);
        _tuner = new OnlineTuner<LabelledRows, double[]>(trainer.Space, new LinearOnlineLearner(ml, trainer), options);
    }

    /// <summary>The champion's hyperparameters.</summary>
    public Configuration Configuration => _tuner.Configuration;

    /// <summary>What was changed, and why, in the order of time: the last 1,000 changes.</summary>
    public IReadOnlyList<OnlineChange> Changes => _tuner.Changes;

    /// <summary>The live models' hyperparameters with their weights in the mixture, the champion first.</summary>
    public ImmutableArray<(Configuration Configuration, double Weight)> Members => [.. _tuner.Members.Select(member => (member.Configuration, member.Weight))];

    /// <summary>How many examples it has learnt from.</summary>
    public long Examples => _tuner.Examples;

    /// <summary>How many batches it has learnt from.</summary>
    public long Batches => _tuner.Batches;

    /// <summary>How often a trainer went over a batch, over all models: the cost.</summary>
    public long Updates => _tuner.Updates;

    /// <summary>The mean loss of an example over the whole stream, each predicted before it was learnt from.</summary>
    public double MeanLoss => _tuner.MeanLoss;

    /// <summary>The same for the champions alone.</summary>
    public double ChampionMeanLoss => _tuner.ChampionMeanLoss;

    /// <summary>
    /// A model to predict with now, preparation included. The weighted mean of linear models is a linear model: it is the mixture, or the champion, as the options say. It does not
    /// change with later batches.
    /// </summary>
    /// <exception cref="InvalidOperationException">Nothing was learnt yet.</exception>
    public ITransformer Model
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_features == 0) throw new InvalidOperationException("There is no model before the first batch; call Learn.");
            var members = _tuner.Members;
            float[]? weights = null;
            double bias = 0;
            foreach (var member in members.Where(member => member.Weight > 0))
            {
                var (own, ownBias) = ((LinearOnlineModel)member.Model).Coefficients(_features, member.Mean);
                weights ??= new float[own.Length];
                for (var j = 0; j < own.Length; j++) weights[j] += (float)(member.Weight * own[j]);
                bias += member.Weight * ownBias;
            }

            var parameters = _trainer.Parameters(_ml, weights!, (float)bias) ?? ((LinearOnlineModel)_tuner.Champion).Parameters!;
            var predictor = _trainer.Transformer(_ml, LabelledRows.Zeros(_ml, _trainer.Features, _features, _trainer.Label, _trainer.IsBinary), parameters);
            return _prepared is null ? predictor : new TransformerChain<ITransformer>(_prepared, predictor);
        }
    }

    /// <summary>Predicts a batch, then learns from it, then judges the models. The first batch that is learnt from fits the preparation. A batch is read once; the first, by the preparation's fit, as often as that needs.</summary>
    /// <param name="batch">The batch; a hundred rows are better than one, since each model's pass over it is a fit.</param>
    /// <returns>The mean loss of the batch, predicted before it was learnt from.</returns>
    /// <exception cref="ArgumentException">A column is missing or of another type, there are no rows, another number of features than before, or a loss that is not finite even for weights of zero.
    /// The batch is left out: all is as it was before.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public double Learn(IDataView batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var prepared = _prepared ?? _preparation?.Fit(batch);
        var rows = LabelledRows.Read(_ml, prepared?.Transform(batch) ?? batch, _trainer.Features, _trainer.Label, _trainer.IsBinary);
        var features = rows.Features[0].Length;
        if (_features > 0 && features != _features) throw new ArgumentException($"The batch has {features} features, those before had {_features}; give as many each time, or make a live model of its own for these.", nameof(batch));
        var loss = _tuner.Learn(rows, rows.Labels.Length);
        // Only now: what a batch that is refused would fit is not to stay.
        (_prepared, _schema, _features) = (prepared, _schema ?? batch.Schema, features);
        return loss;
    }

    /// <summary>Writes everything to a file, from which <see cref="Load"/> goes on as if nothing had happened. The file is there whole or as it was before.</summary>
    /// <param name="path">The file.</param>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var half = path + ".half";
        using (var file = new FileStream(half, FileMode.Create, FileAccess.Write))
        {
            using var writer = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true);
            using var prepared = new MemoryStream();
            if (_prepared is not null) _ml.Model.Save(_prepared, _schema, prepared);
            writer.Write(Magic);
            writer.Write(Version);
            writer.Write(_trainer.Kind);
            writer.Write(_features);
            writer.Write((int)prepared.Length);
            writer.Write(prepared.ToArray());
            writer.Flush();
            _tuner.Save(file);
            file.Flush(flushToDisk: true);
        }

        File.Move(half, path, overwrite: true);
    }

    /// <summary>Goes on from a file that <see cref="Save"/> wrote, with the same trainer and options; the preparation is the one that was fitted then. If it throws, all is as it was before.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no such state, of another version, or of another trainer or space.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        using var file = File.OpenRead(path);
        (ITransformer? Prepared, DataViewSchema? Schema, int Features) head;
        try
        {
            head = ReadHead(file, path);
        }
        catch (Exception error) when (error is EndOfStreamException or FormatException or InvalidOperationException)
        {
            throw new InvalidDataException($"'{path}' is damaged, or no state of TuneOnline; give the path that Save wrote.", error);
        }

        _tuner.Load(file);
        (_prepared, _schema, _features) = head;
    }

    /// <summary>Frees the models.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _tuner.Dispose();
    }

    private (ITransformer? Prepared, DataViewSchema? Schema, int Features) ReadHead(FileStream file, string path)
    {
        using var reader = new BinaryReader(file, Encoding.UTF8, leaveOpen: true);
        if (reader.ReadString() != Magic) throw new InvalidDataException($"'{path}' is no state of a linear model of TuneOnline; give the path that Save wrote.");
        if (reader.ReadInt32() is var version && version != Version) throw new InvalidDataException($"The state has version {version}, this AutoTune reads version {Version}; go on with the version that wrote it.");
        if (reader.ReadString() is var kind && kind != _trainer.Kind) throw new InvalidDataException($"The state is one of {kind}, here is {_trainer.Kind}; go on with the trainer that it was written with.");
        var (features, length) = (reader.ReadInt32(), reader.ReadInt32());
        if (features < 0 || length < 0 || length > file.Length - file.Position) throw new InvalidDataException($"'{path}' is damaged; give the path that Save wrote.");
        if (features > 0 && length == 0 && _preparation is not null) throw new InvalidDataException("The state was written without a preparation, here is one; go on without, ml.TuneOnline(trainer).");
        if (length == 0) return (null, null, features);
        using var stream = new MemoryStream(reader.ReadBytes(length));
        return (_ml.Model.Load(stream, out var schema), schema, features);
    }
}
