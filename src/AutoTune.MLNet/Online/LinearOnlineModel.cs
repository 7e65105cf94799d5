using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace AutoTune.MLNet.Online;

/// <summary>A live linear model: weights, and the trainer that goes on from them.</summary>
internal sealed class LinearOnlineModel(LinearOnlineLearner learner, Configuration configuration, LinearModelParameters? parameters) : IOnlineModel<LabelledRows, double[]>, IAveragedModel<LabelledRows, double[]>, IStoredModel
{
    private static readonly int[] Horizons = [4, 16, 64]; // batches that count in each mean of the weights
    private readonly Func<IDataView, LinearModelParameters?, LinearModelParameters> _fit = learner.Trainer.Fitting(learner.Context, configuration);
    private LinearModelParameters? _parameters = parameters;
    private float[]? _weights = parameters is null ? null : [.. parameters.Weights];
    private bool _hasDiverged;
    private readonly int[] _ages = new int[Horizons.Length]; // batches in each mean
    private float[][] _means = []; // the bias last; empty before the first batch

    /// <summary>Weights and bias as ML.NET holds them; null before the first batch.</summary>
    public LinearModelParameters? Parameters => _parameters;

    /// <summary>Weights and bias; all zero before the first batch.</summary>
    /// <param name="features">How many there are, if nothing was learnt.</param>
    /// <param name="mean">Which mean is wanted; null: the last weights.</param>
    public (float[] Weights, float Bias) Coefficients(int features, int? mean)
        => mean is { } k && _means.Length > 0 ? (_means[k][..^1], _means[k][^1]) : (_weights ?? new float[features], _parameters?.Bias ?? 0);

    public double[] Predict(LabelledRows batch) => Predict(batch, mean: null);

    public int Means => Horizons.Length;

    public double[] PredictAveraged(LabelledRows batch, int mean) => Predict(batch, mean);

    public void Renew(int mean)
    {
        if (_weights is null) return;
        _means[mean] = mean == 0 ? [.. _weights, _parameters!.Bias] : [.. _means[mean - 1]];
        _ages[mean] = mean == 0 ? 1 : _ages[mean - 1];
    }

    public void Learn(LabelledRows batch, RandomSource random)
    {
        if (_hasDiverged) return;
        try
        {
            _parameters = _fit(batch.View, _parameters);
        }
        catch (InvalidOperationException) when (CanLearnAtAll(batch))
        {
            // ML.NET throws when weights overflow. The tuner sees a loss that is not finite, and gives the model up.
            _hasDiverged = true;
            return;
        }

        _weights = [.. _parameters.Weights];
        if (_means.Length == 0) _means = [.. Horizons.Select(_ => new float[_weights.Length + 1])];
        for (var k = 0; k < _means.Length; k++)
        {
            var (mean, share) = (_means[k], 1f / Math.Min(++_ages[k], Horizons[k]));
            for (var j = 0; j < mean.Length; j++) mean[j] += share * ((j < _weights.Length ? _weights[j] : _parameters.Bias) - mean[j]);
        }
    }

    public IOnlineModel<LabelledRows, double[]> Copy(Configuration other)
    {
        var copy = new LinearOnlineModel(learner, other, _parameters) { _means = [.. _means.Select(mean => mean.ToArray())], _hasDiverged = _hasDiverged };
        _ages.CopyTo(copy._ages, 0);
        return copy;
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(_hasDiverged);
        writer.Write(_weights?.Length ?? -1);
        if (_weights is null) return;
        foreach (var weight in _weights) writer.Write(weight);
        writer.Write(_parameters!.Bias);
        foreach (var age in _ages) writer.Write(age);
        foreach (var weight in _means.SelectMany(mean => mean)) writer.Write(weight);
    }

    public void Load(BinaryReader reader)
    {
        _hasDiverged = reader.ReadBoolean();
        var count = reader.ReadInt32();
        (_weights, _parameters, _means) = (null, null, []);
        if (count < 0) return;
        _weights = new float[count];
        for (var i = 0; i < count; i++) _weights[i] = reader.ReadSingle();
        _parameters = learner.Trainer.Parameters(learner.Context, _weights, reader.ReadSingle())
            ?? throw new NotSupportedException("This version of ML.NET does not let linear models be made of weights; a saved state cannot be read with it.");
        for (var k = 0; k < _ages.Length; k++) _ages[k] = reader.ReadInt32();
        _means = [.. Horizons.Select(_ => new float[count + 1])];
        foreach (var mean in _means)
        {
            for (var i = 0; i < mean.Length; i++) mean[i] = reader.ReadSingle();
        }
    }

    public void Dispose()
    {
    }

    /// <summary>Whether a pass that changes nothing goes through: then the data are not to blame.</summary>
    private bool CanLearnAtAll(LabelledRows batch)
    {
        try
        {
            return learner.Trainer.Transformer(learner.Context, batch.View, null) is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private double[] Predict(LabelledRows batch, int? mean)
    {
        var (weights, bias) = Coefficients(batch.Features[0].Length, mean);
        var scores = new double[batch.Features.Length];
        if (_hasDiverged) Array.Fill(scores, double.NaN);
        for (var i = 0; i < scores.Length && !_hasDiverged; i++)
        {
            var row = batch.Features[i];
            if (row.Length != weights.Length) throw new ArgumentException($"The batch has {row.Length} features, those before had {weights.Length}; the preparation must give as many each time.");
            double sum = bias;
            for (var j = 0; j < row.Length; j++) sum += (double)weights[j] * row[j];
            scores[i] = sum;
        }

        return scores;
    }
}
