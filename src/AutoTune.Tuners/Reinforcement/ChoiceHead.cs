using AutoTune.Spaces;

namespace AutoTune.Tuners.Reinforcement;

/// <summary>The distribution of a choice without order: a softmax, more for the value of the best trial, and an even share.</summary>
/// <remarks>
/// <code>
/// a         output of the network: a logit for each of the L values, and what the best trial's value gets beside its own        L + 1
/// p_i       (1 - e) softmax(a_i + a_L [i is the best trial's])_i + e / L
/// </code>
/// Not thread-safe (buffers).
/// </remarks>
internal sealed class ChoiceHead(int values)
{
    public const double EvenShare = 0.05;
    private const double BestShare = 0.8; // at the start; chosen: one choice in five changes at a time
    private readonly double[] _softmax = new double[values];
    private int _best = -1;

    public int Parameters => values + 1;

    /// <summary>Writes what the network gives before it has learnt anything.</summary>
    public void Initialize(Span<double> output)
    {
        output[..Parameters].Clear();
        output[values] = values < 2 ? 0 : PortableMath.Log(BestShare / (1 - BestShare) * (values - 1));
    }

    /// <summary>Takes the network's output.</summary>
    /// <param name="output">The parameters.</param>
    /// <param name="best">The best trial's value; -1: there is none.</param>
    public void Open(ReadOnlySpan<double> output, int best)
    {
        _best = best;
        double most = double.NegativeInfinity, sum = 0;
        for (var i = 0; i < values; i++) most = Math.Max(most, output[i] + (i == best ? output[values] : 0));
        for (var i = 0; i < values; i++) sum += _softmax[i] = PortableMath.Exp(output[i] + (i == best ? output[values] : 0) - most);
        for (var i = 0; i < values; i++) _softmax[i] /= sum;
    }

    public int Sample(RandomSource random)
    {
        if (random.NextDouble() < EvenShare) return random.NextInt(values);
        var rest = random.NextDouble();
        var i = 0;
        while (i < values - 1 && rest >= _softmax[i]) rest -= _softmax[i++];
        return i;
    }

    /// <summary>The mean of numbers that belong to the values, without the even share.</summary>
    public double Expected(ReadOnlySpan<double> numbers)
    {
        var mean = 0.0;
        for (var i = 0; i < values; i++) mean += _softmax[i] * numbers[i];
        return mean;
    }

    /// <summary>The logarithm of the probability of a value; adds <paramref name="scale"/> times its derivatives by the output.</summary>
    public double LogLikelihood(int value, double scale, Span<double> gradient)
    {
        var p = (1 - EvenShare) * _softmax[value] + EvenShare / values;
        if (scale != 0)
        {
            var factor = scale * (1 - EvenShare) * _softmax[value] / p;
            for (var i = 0; i < values; i++) Add(gradient, i, factor * ((i == value ? 1 : 0) - _softmax[i]));
        }

        return PortableMath.Log(p);
    }

    /// <summary>The entropy by that of an even distribution; adds <paramref name="scale"/> times its derivatives by the output.</summary>
    public double Entropy(double scale, Span<double> gradient)
    {
        var even = PortableMath.Log(values);
        double entropy = 0, mean = 0;
        for (var i = 0; i < values; i++)
        {
            var p = (1 - EvenShare) * _softmax[i] + EvenShare / values;
            var log = PortableMath.Log(p);
            entropy -= p * log / even;
            mean += _softmax[i] * (log + 1);
        }

        if (scale == 0) return entropy;
        for (var i = 0; i < values; i++)
        {
            var log = PortableMath.Log((1 - EvenShare) * _softmax[i] + EvenShare / values);
            Add(gradient, i, -scale * (1 - EvenShare) / even * _softmax[i] * (log + 1 - mean));
        }

        return entropy;
    }

    private void Add(Span<double> gradient, int value, double by)
    {
        gradient[value] += by;
        if (value == _best) gradient[values] += by;
    }
}
