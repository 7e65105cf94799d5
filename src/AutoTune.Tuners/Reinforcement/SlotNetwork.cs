using AutoTune.Spaces;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.Reinforcement;

/// <summary>A layer of hyperbolic tangents and a linear one, whose weights lie in an array that all networks of a policy share.</summary>
/// <remarks>
/// <code>
/// x         input                                            n
/// h         2 / H tanh(A x + a): so a step of Adam moves the output through all of B about as far as through b     H
/// y         B h + b                                          o
/// weights   A row by row, a, B row by row, b, from the offset on
/// </code>
/// </remarks>
internal sealed class SlotNetwork(int offset, int inputs, int outputs)
{
    public const int Hidden = 16;
    private const double Scale = 2.0 / Hidden;

    public int Inputs => inputs;

    public int Outputs => outputs;

    /// <summary>How many weights it has.</summary>
    public int Size => Hidden * (inputs + 1) + outputs * (Hidden + 1);

    private int HiddenBias => offset + Hidden * inputs;

    private int OutputRows => HiddenBias + Hidden;

    private int OutputBias => OutputRows + outputs * Hidden;

    /// <summary>Random first weights, none in the second layer: at first the output is its bias whatever the input.</summary>
    public void Initialize(double[] weights, ReadOnlySpan<double> bias, RandomSource random)
    {
        var scale = 1 / Math.Sqrt(inputs);
        for (var i = 0; i < Hidden * inputs; i++) weights[offset + i] = scale * random.NextGaussian();
        bias.CopyTo(weights.AsSpan(OutputBias, outputs));
    }

    public void Forward(double[] weights, ReadOnlySpan<double> input, Span<double> hidden, Span<double> output)
    {
        for (var h = 0; h < Hidden; h++)
            hidden[h] = Scale * Tanh(weights[HiddenBias + h] + VectorMath.Dot(weights.AsSpan(offset + h * inputs, inputs), input));
        for (var o = 0; o < outputs; o++)
            output[o] = weights[OutputBias + o] + VectorMath.Dot(weights.AsSpan(OutputRows + o * Hidden, Hidden), hidden);
    }

    /// <summary>Adds the derivatives by the weights, given those by the output.</summary>
    public void Backward(double[] weights, double[] gradient, ReadOnlySpan<double> input, ReadOnlySpan<double> hidden, ReadOnlySpan<double> byOutput)
    {
        Span<double> byHidden = stackalloc double[Hidden];
        byHidden.Clear();
        for (var o = 0; o < outputs; o++)
        {
            if (byOutput[o] == 0) continue;
            gradient[OutputBias + o] += byOutput[o];
            VectorMath.AddScaled(hidden, byOutput[o], gradient.AsSpan(OutputRows + o * Hidden, Hidden));
            VectorMath.AddScaled(weights.AsSpan(OutputRows + o * Hidden, Hidden), byOutput[o], byHidden);
        }

        for (var h = 0; h < Hidden; h++)
        {
            var by = byHidden[h] * (Scale - hidden[h] * hidden[h] / Scale);
            if (by == 0) continue;
            gradient[HiddenBias + h] += by;
            VectorMath.AddScaled(input, by, gradient.AsSpan(offset + h * inputs, inputs));
        }
    }

    private static double Tanh(double x) => 1 - 2 / (PortableMath.Exp(2 * x) + 1);
}
