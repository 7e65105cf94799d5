using AutoTune.Spaces;
using AutoTune.Torch;

namespace AutoTune;

/// <summary>Adapts hyperparameters of the training loss while a network trains: weight decay of each layer, strengths of augmentation, weights of losses.</summary>
/// <remarks>
/// <para>
/// After some steps of training, <see cref="Step"/> moves each hyperparameter along <see cref="Hypergradients.T1T2"/> by about <see cref="OnlineHyperparameterOptions.Share"/> of its
/// range, on its scale and within it: steps of Adam in the unit cube, so that one pace fits decays from 1e-6 as well as strengths from 0 to 1. The study's value of such a trial belongs to
/// the way that was gone, not to the configuration that it began with.
/// </para>
/// <para>Luketina and others 2016; Adam by Kingma and Ba 2015. To be used by one thread.</para>
/// </remarks>
public sealed class OnlineHyperparameters
{
    private const double Beta1 = .9, Beta2 = .99, Epsilon = 1e-12;
    private readonly HyperTensors _hyper;
    private readonly OnlineHyperparameterOptions _options;
    private readonly double[] _mean, _square;
    private int _steps;
    private bool _isProven; // by the first step's problem

    /// <summary>Begins where the tensors are.</summary>
    /// <param name="hyper">The hyperparameters; those that have been asked for are adapted.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public OnlineHyperparameters(HyperTensors hyper, OnlineHyperparameterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(hyper);
        (_hyper, _options) = (hyper, (options ?? new OnlineHyperparameterOptions()).Validated());
        var dimensions = hyper.Configuration.Space.Hyperparameters.Length;
        (_mean, _square) = (new double[dimensions], new double[dimensions]);
    }

    /// <summary>The values that the hyperparameters have come to.</summary>
    public Configuration Configuration => _hyper.Configuration;

    /// <summary>Moves the hyperparameters.</summary>
    /// <param name="problem">The weights as they are now, the hyperparameters' tensors, and the losses of a training and a validation batch.</param>
    /// <param name="rate">The learning rate of the training, above 0.</param>
    /// <returns>The validation loss.</returns>
    public double Step(BilevelProblem problem, double rate)
    {
        ArgumentNullException.ThrowIfNull(problem);
        using var scope = TorchSharp.torch.NewDisposeScope();
        problem.IsProven |= _isProven;
        var gradient = Hypergradients.T1T2(problem, rate);
        _isProven = true;
        var encoding = Configuration.Space.Encoding;
        var (slope, unit) = (new double[_mean.Length], new double[_mean.Length]);
        encoding.EncodeGradient(Configuration, _hyper.DerivativesOf(gradient), slope);
        encoding.Encode(Configuration, unit, []);
        _steps++;
        for (var i = 0; i < unit.Length; i++)
        {
            if (double.IsNaN(slope[i])) continue;
            _mean[i] += (1 - Beta1) * (slope[i] - _mean[i]);
            _square[i] += (1 - Beta2) * (slope[i] * slope[i] - _square[i]);
            var step = _mean[i] / (1 - Math.Pow(Beta1, _steps)) / (Math.Sqrt(_square[i] / (1 - Math.Pow(Beta2, _steps))) + Epsilon);
            unit[i] = Math.Clamp(unit[i] - _options.Share * step, 0, 1);
        }

        _hyper.MoveTo(encoding.Decode(unit));
        return gradient.Loss;
    }

    /// <summary>Writes where the hyperparameters are for a checkpoint: <c>trial.Keep("hyper", online.Save, online.Load)</c>.</summary>
    /// <param name="writer">Where to.</param>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var unit = new double[_mean.Length];
        Configuration.Space.Encoding.Encode(Configuration, unit, []);
        writer.Write(_steps);
        foreach (var number in unit.Concat(_mean).Concat(_square)) writer.Write(number);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">Where from.</param>
    public void Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _steps = reader.ReadInt32();
        _hyper.MoveTo(Configuration.Space.Encoding.Decode([.. _mean.Select(_ => reader.ReadDouble())]));
        foreach (var numbers in (double[][])[_mean, _square])
        {
            for (var i = 0; i < numbers.Length; i++) numbers[i] = reader.ReadDouble();
        }
    }
}
