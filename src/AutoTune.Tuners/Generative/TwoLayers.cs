using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.Generative;

/// <summary>A small network: a layer of softsigns and a linear one.</summary>
/// <remarks>
/// <code>
/// x         input                           n
/// h         softsign(A x + a), softsign(x) = x / (1 + |x|), a bend that is the same on every platform     H
/// y         B h + b                         m
/// weights   A row by row, a, B row by row, b
/// </code>
/// Not thread-safe (buffers).
/// </remarks>
internal sealed class TwoLayers
{
    private readonly int _inputs, _hidden, _outputs;
    private readonly double[] _input, _states, _byStates;

    /// <summary>A network of random first weights.</summary>
    /// <param name="inputs">How many numbers go in.</param>
    /// <param name="hidden">How many there are between.</param>
    /// <param name="outputs">How many come out.</param>
    /// <param name="reach">The standard deviation of what comes out at first, about.</param>
    /// <param name="random">The randomness.</param>
    public TwoLayers(int inputs, int hidden, int outputs, double reach, RandomSource random)
    {
        (_inputs, _hidden, _outputs) = (inputs, hidden, outputs);
        (_input, _states, _byStates) = (new double[inputs], new double[hidden], new double[hidden]);
        Weights = new double[hidden * (inputs + 1) + outputs * (hidden + 1)];
        Gradient = new double[Weights.Length];
        for (var i = 0; i < hidden * inputs; i++) Weights[i] = random.NextGaussian() / Math.Sqrt(Math.Max(1, inputs));
        for (var i = 0; i < outputs * hidden; i++) Weights[OuterRows + i] = 2 * reach * random.NextGaussian() / Math.Sqrt(hidden); // a softsign is about a half
    }

    public double[] Weights { get; }

    /// <summary>The sum of the derivatives by the weights; for its user to clear.</summary>
    public double[] Gradient { get; }

    private int InnerBias => _hidden * _inputs;

    private int OuterRows => InnerBias + _hidden;

    private int OuterBias => OuterRows + _outputs * _hidden;

    public void Forward(ReadOnlySpan<double> input, Span<double> output)
    {
        input.CopyTo(_input);
        for (var h = 0; h < _hidden; h++)
        {
            var x = Weights[InnerBias + h] + VectorMath.Dot(Weights.AsSpan(h * _inputs, _inputs), _input);
            _states[h] = x / (1 + Math.Abs(x));
        }

        for (var o = 0; o < _outputs; o++) output[o] = Weights[OuterBias + o] + VectorMath.Dot(Weights.AsSpan(OuterRows + o * _hidden, _hidden), _states);
    }

    /// <summary>The derivatives by the input of the last <see cref="Forward"/>, given those by its output.</summary>
    /// <param name="byOutput">The derivatives by the output.</param>
    /// <param name="byInput">Receives those by the input; may be empty.</param>
    /// <param name="learns">Whether those by the weights are added to <see cref="Gradient"/>.</param>
    public void Backward(ReadOnlySpan<double> byOutput, Span<double> byInput, bool learns)
    {
        _byStates.AsSpan().Clear();
        byInput.Clear();
        for (var o = 0; o < _outputs; o++)
        {
            if (byOutput[o] == 0) continue;
            VectorMath.AddScaled(Weights.AsSpan(OuterRows + o * _hidden, _hidden), byOutput[o], _byStates);
            if (!learns) continue;
            Gradient[OuterBias + o] += byOutput[o];
            VectorMath.AddScaled(_states, byOutput[o], Gradient.AsSpan(OuterRows + o * _hidden, _hidden));
        }

        for (var h = 0; h < _hidden; h++)
        {
            var steepness = 1 - Math.Abs(_states[h]);
            var by = _byStates[h] * steepness * steepness;
            if (!byInput.IsEmpty) VectorMath.AddScaled(Weights.AsSpan(h * _inputs, _inputs), by, byInput);
            if (!learns) continue;
            Gradient[InnerBias + h] += by;
            VectorMath.AddScaled(_input, by, Gradient.AsSpan(h * _inputs, _inputs));
        }
    }
}
