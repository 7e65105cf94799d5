using AutoTune.Spaces;

namespace AutoTune.Tuners.Reinforcement;

/// <summary>Ascends an objective of a policy by Adam (Kingma and Ba 2015). Not thread-safe.</summary>
internal sealed class PolicyAscent(double[] weights, double rate)
{
    private const double Momentum = 0.9, Decay = 0.99; // few steps an improvement: the second moment must follow
    private readonly double[] _first = new double[weights.Length], _second = new double[weights.Length];
    private int _steps;

    /// <summary>The objective's derivatives by the weights, to be added to.</summary>
    public double[] Gradient { get; } = new double[weights.Length];

    /// <summary>
    /// The derivative, by the logarithm of an action's likelihood, of min(r A, clip(r, 1 - c, 1 + c) A) (Schulman and others 2017, "Proximal policy optimization algorithms", equation 7).
    /// </summary>
    /// <param name="log">That logarithm now.</param>
    /// <param name="before">What it was before the improvement: r is the ratio of the two likelihoods.</param>
    /// <param name="advantage">A.</param>
    /// <param name="clip">c.</param>
    /// <param name="weight">By what it is multiplied.</param>
    public static double ByLog(double log, double before, double advantage, double clip, double weight = 1)
    {
        var ratio = PortableMath.Exp(Math.Clamp(log - before, -30, 30));
        var isClipped = advantage > 0 ? ratio > 1 + clip : ratio < 1 - clip;
        return isClipped ? 0 : weight * ratio * advantage;
    }

    /// <summary>Takes a step up the gradient, and clears it.</summary>
    public void Step()
    {
        _steps++;
        double first = 1 - Power(Momentum, _steps), second = 1 - Power(Decay, _steps);
        for (var i = 0; i < weights.Length; i++)
        {
            var g = Gradient[i];
            _first[i] += (1 - Momentum) * (g - _first[i]);
            _second[i] += (1 - Decay) * (g * g - _second[i]);
            weights[i] += rate * (_first[i] / first) / (Math.Sqrt(_second[i] / second) + 1e-8);
        }

        Array.Clear(Gradient);
    }

    // Math.Pow differs between platforms.
    private static double Power(double x, int n) => PortableMath.Exp(n * PortableMath.Log(x));
}
