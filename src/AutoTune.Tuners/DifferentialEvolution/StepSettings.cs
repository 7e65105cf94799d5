namespace AutoTune.Tuners.DifferentialEvolution;

/// <summary>The weights and rates that have led to better children lately, from which new ones are drawn.</summary>
/// <remarks>
/// <code>
/// M_F, M_CR   memories of H entries, one half at first                                  H
/// F           Cauchy around an entry of M_F, width 0.1: drawn again below 0, at most 1
/// CR          normal around the entry of M_CR, deviation 0.1, within [0, 1]
/// </code>
/// SHADE (Tanabe and Fukunaga 2013, section III): after each round one entry becomes the Lehmer mean of the weights that succeeded, sum F² / sum F, and the
/// mean of the rates. There successes count by how much better the child was; here all alike, as in JADE (Zhang and Sanderson 2009), so that the
/// order of the losses alone matters. Not thread-safe.
/// </remarks>
internal sealed class StepSettings
{
    private const double Width = 0.1, First = 0.5;
    private readonly double[] _weights, _rates;
    private readonly List<(double Weight, double Rate)> _successes = [];
    private int _next;

    public StepSettings(int entries)
    {
        _weights = new double[entries];
        _rates = new double[entries];
        Array.Fill(_weights, First);
        Array.Fill(_rates, First);
    }

    /// <summary>The mean weight that is drawn around.</summary>
    public double MeanWeight => _weights.Average();

    public (double Weight, double Rate) Draw(RandomSource random)
    {
        var entry = random.NextInt(_weights.Length);
        var weight = 0.0;
        // A quotient of normal numbers is a Cauchy number; the sine and cosine of the usual formula differ between platforms.
        while (!(weight > 0)) weight = _weights[entry] + Width * random.NextGaussian() / random.NextGaussian();
        return (Math.Min(weight, 1), Math.Clamp(_rates[entry] + Width * random.NextGaussian(), 0, 1));
    }

    /// <summary>A child was better than its target.</summary>
    public void Succeed(double weight, double rate) => _successes.Add((weight, rate));

    public void EndRound()
    {
        if (_successes.Count == 0) return;
        double sum = 0, squares = 0, rates = 0;
        foreach (var (weight, rate) in _successes)
        {
            sum += weight;
            squares += weight * weight;
            rates += rate;
        }

        _weights[_next] = squares / sum;
        _rates[_next] = rates / _successes.Count;
        _next = (_next + 1) % _weights.Length;
        _successes.Clear();
    }
}
