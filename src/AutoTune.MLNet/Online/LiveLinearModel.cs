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
    private readonly MLContext _ml;
    private readonly OnlineTrainer _trainer;
    private readonly IEstimator<ITransformer>? _preparation;
    private readonly OnlineTuner<LabelledRows, double[]> _tuner;
    private ITransformer? _prepared;
    private IDataView? _last;
    private DataViewSchema? _schema;

    internal LiveLinearModel(MLContext ml, OnlineTrainer trainer, IEstimator<ITransformer>? preparation, OnlineOptions options)
    {
        (_ml, _trainer, _preparation) = (ml, trainer, preparation);
        _tuner = new OnlineTuner<LabelledRows, double[]>(trainer.Space, new LinearOnlineLearner(ml, trainer), options);
    }

    /// <summary>The champion's hyperparameters.</summary>
    public Configuration Configuration => _tuner.Configuration;

    /// <summary>What was changed, and why, in the order of time.</summary>
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
            if (_last is null) throw new InvalidOperationException("There is no model before the first batch; call Learn, or after Load, Learn once more.");
            var members = _tuner.Members;
            float[]? weights = null;
            double bias = 0;
            foreach (var member in members.Where(member => member.Weight > 0))
            {
                var (own, ownBias) = ((LinearOnlineModel)member.Model).Coefficients(0, member.IsAveraged);
                weights ??= new float[own.Length];
                for (var j = 0; j < own.Length; j++) weights[j] += (float)(member.Weight * own[j]);
                bias += member.Weight * ownBias;
            }

            var parameters = _trainer.Parameters(_ml, weights!, (float)bias) ?? ((LinearOnlineModel)_tuner.Champion).Parameters!;
            var predictor = _trainer.Transformer(_ml, _last, parameters);
            return _prepared is null ? predictor : new TransformerChain<ITransformer>(_prepared, predictor);
        }
    }

    /// <summary>Predicts a batch, then learns from it, then judges the models. The first batch fits the preparation.</summary>
    /// <param name="batch">The batch; a hundred rows are better than one, since each model's pass over it is a fit.</param>
    /// <returns>The mean loss of the batch, predicted before it was learnt from.</returns>
    /// <exception cref="ArgumentException">A column is missing or of another type, there are no rows, or a loss that is not finite even for weights of zero.</exception>
    public double Learn(IDataView batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        _schema ??= batch.Schema;
        _prepared ??= _preparation?.Fit(batch);
        var view = _prepared?.Transform(batch) ?? batch;
        var rows = LabelledRows.Read(view, _trainer.Features, _trainer.Label, _trainer.IsBinary);
        // In memory: every model reads it, and the preparation is to run once.
        var cached = _ml.Data.Cache(view, _trainer.Features, _trainer.Label);
        var loss = _tuner.Learn(rows with { View = cached }, rows.Labels.Length);
        _last = cached;
        return loss;
    }

    /// <summary>Writes everything to a file, from which <see cref="Load"/> goes on as if nothing had happened. The file is there whole or as it was before.</summary>
    /// <param name="path">The file.</param>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var half = path + ".half";
        using (var file = new FileStream(half, FileMode.Create, FileAccess.Write))
        {
            using var writer = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true);
            using var prepared = new MemoryStream();
            if (_prepared is not null) _ml.Model.Save(_prepared, _schema, prepared);
            writer.Write((int)prepared.Length);
            writer.Write(prepared.ToArray());
            writer.Flush();
            _tuner.Save(file);
            file.Flush(flushToDisk: true);
        }

        File.Move(half, path, overwrite: true);
    }

    /// <summary>Goes on from a file that <see cref="Save"/> wrote, with the same trainer and options; the preparation is the one that was fitted then.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no such state, of another version, or of another space.</exception>
    public void Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var file = File.OpenRead(path);
        using var reader = new BinaryReader(file, Encoding.UTF8, leaveOpen: true);
        if (file.Length < 4 || reader.ReadInt32() is var length && (length < 0 || length > file.Length - file.Position))
            throw new InvalidDataException($"'{path}' is damaged, or no state of TuneOnline; give the path that Save wrote.");
        if (length > 0)
        {
            using var prepared = new MemoryStream(reader.ReadBytes(length));
            _prepared = _ml.Model.Load(prepared, out _schema);
        }

        _tuner.Load(file);
    }

    /// <summary>Frees the models.</summary>
    public void Dispose() => _tuner.Dispose();
}
