namespace AutoTune.Tuners.Numerics;

/// <summary>Steps of Adam (Kingma and Ba 2015, algorithm 1), with weights that decay on their own (Loshchilov and Hutter 2019, algorithm 2). Not thread-safe.</summary>
/// <param name="size">How many weights there are.</param>
/// <param name="momentum">Which share of the mean of the derivatives is kept at a step.</param>
/// <param name="secondMomentum">Which share of the mean of their squares.</param>
internal sealed class Adam(int size, double momentum, double secondMomentum)
{
    private readonly double[] _first = new double[size], _second = new double[size];
    private double _firstLeft = 1, _secondLeft = 1;

    /// <summary>Steps down.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="gradient">The derivatives of what is to be lowered.</param>
    /// <param name="rate">About how far each weight moves.</param>
    /// <param name="decay">Which share of a weight, times the rate, goes.</param>
    public void Step(double[] weights, double[] gradient, double rate, double decay)
    {
        _firstLeft *= momentum;
        _secondLeft *= secondMomentum;
        for (var i = 0; i < gradient.Length; i++)
        {
            var g = gradient[i];
            _first[i] += (1 - momentum) * (g - _first[i]);
            _second[i] += (1 - secondMomentum) * (g * g - _second[i]);
            weights[i] -= rate * (_first[i] / (1 - _firstLeft) / (Math.Sqrt(_second[i] / (1 - _secondLeft)) + 1e-8) + decay * weights[i]);
        }
    }
}
