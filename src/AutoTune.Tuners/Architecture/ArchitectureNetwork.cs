using AutoTune.Spaces;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.Architecture;

/// <summary>What a network expects of a configuration: <see cref="CellNetwork"/>s over its cells, and a layer over what they read and all other hyperparameters.</summary>
/// <remarks>
/// <code>
/// x         the readouts of the cells, then the other hyperparameters                    n
/// output    c + l x + w softsign(W x + d)
/// loss      mean of (output - target)^2, descended by Adam (Kingma and Ba 2015) with weights that decay (Loshchilov and Hutter 2019)
/// weights   the cells', W row by row, d, w, l, c
/// </code>
/// Not thread-safe (buffers).
/// </remarks>
internal sealed class ArchitectureNetwork
{
    private const int Hidden = 16, Batch = 16;
    private const double Rate = 0.01, Decay = 0.01, Momentum = 0.9, SecondMomentum = 0.99;
    private readonly CellNetwork[] _cells;
    private readonly int _inputs, _head;
    private readonly double[] _x, _byX, _hidden = new double[Hidden];

    public ArchitectureNetwork(SketchLayout layout, RandomSource random)
    {
        var size = 0;
        _cells = [.. layout.Kinds.Select(kinds =>
        {
            var cell = new CellNetwork(size, kinds);
            size += cell.Size;
            return cell;
        })];
        _inputs = _cells.Length * CellNetwork.ReadoutSize + layout.RestSize;
        _head = size;
        Weights = new double[size + (Hidden + 1) * (_inputs + 2)];
        (_x, _byX) = (new double[_inputs], new double[_inputs]);
        foreach (var cell in _cells) cell.Initialize(Weights, random);
        for (var i = 0; i < Hidden * _inputs; i++) Weights[_head + i] = random.NextGaussian() / Math.Sqrt(Math.Max(1, _inputs));
        for (var h = 0; h < Hidden; h++) Weights[Outer + h] = random.NextGaussian() / Math.Sqrt(Hidden);
    }

    /// <summary>All weights.</summary>
    internal double[] Weights { get; }

    private int Bias => _head + Hidden * _inputs;

    private int Outer => Bias + Hidden;

    private int Direct => Outer + Hidden;

    public double Predict(Sketch sketch)
    {
        _x.AsSpan().Clear();
        for (var c = 0; c < _cells.Length; c++)
        {
            if (sketch.Forms[c] is { } form) _cells[c].Forward(Weights, form, _x.AsSpan(c * CellNetwork.ReadoutSize, CellNetwork.ReadoutSize));
        }

        sketch.Rest.CopyTo(_x, _cells.Length * CellNetwork.ReadoutSize);
        var output = Weights[Direct + _inputs] + VectorMath.Dot(Weights.AsSpan(Direct, _inputs), _x);
        for (var h = 0; h < Hidden; h++)
        {
            var x = Weights[Bias + h] + VectorMath.Dot(Weights.AsSpan(_head + h * _inputs, _inputs), _x);
            _hidden[h] = x / (1 + Math.Abs(x));
            output += Weights[Outer + h] * _hidden[h];
        }

        return output;
    }

    /// <summary>Learns targets.</summary>
    /// <param name="sketches">What is known (n).</param>
    /// <param name="targets">What it gave (n).</param>
    /// <param name="steps">How many steps of descent.</param>
    /// <param name="random">The order.</param>
    public void Learn(IReadOnlyList<Sketch> sketches, ReadOnlySpan<double> targets, int steps, RandomSource random)
    {
        var gradient = new double[Weights.Length];
        var adam = new Adam(Weights.Length, Momentum, SecondMomentum);
        var order = new int[sketches.Count];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        var at = order.Length;
        for (var step = 0; step < steps; step++)
        {
            Array.Clear(gradient);
            var size = Math.Min(Batch, order.Length);
            for (var i = 0; i < size; i++)
            {
                if (at == order.Length)
                {
                    random.Shuffle<int>(order);
                    at = 0;
                }

                var k = order[at++];
                Backward(gradient, sketches[k], 2.0 / size * (Predict(sketches[k]) - targets[k]));
            }

            // Slower towards the end, so that the last batches do not decide.
            adam.Step(Weights, gradient, Rate * (1 - (double)step / steps), Decay);
        }
    }

    /// <summary>Adds the derivatives by the weights, given that by the output of the last <see cref="Predict"/>, which was of this sketch.</summary>
    internal void Backward(double[] gradient, Sketch sketch, double byOutput)
    {
        gradient[Direct + _inputs] += byOutput;
        VectorMath.AddScaled(_x, byOutput, gradient.AsSpan(Direct, _inputs));
        _byX.AsSpan().Clear();
        VectorMath.AddScaled(Weights.AsSpan(Direct, _inputs), byOutput, _byX);
        for (var h = 0; h < Hidden; h++)
        {
            gradient[Outer + h] += byOutput * _hidden[h];
            var steepness = 1 - Math.Abs(_hidden[h]);
            var by = byOutput * Weights[Outer + h] * steepness * steepness;
            gradient[Bias + h] += by;
            VectorMath.AddScaled(_x, by, gradient.AsSpan(_head + h * _inputs, _inputs));
            VectorMath.AddScaled(Weights.AsSpan(_head + h * _inputs, _inputs), by, _byX);
        }

        for (var c = 0; c < _cells.Length; c++)
        {
            if (sketch.Forms[c] is { } form) _cells[c].Backward(Weights, gradient, form, _byX.AsSpan(c * CellNetwork.ReadoutSize, CellNetwork.ReadoutSize));
        }
    }
}
