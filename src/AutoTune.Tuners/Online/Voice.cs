namespace AutoTune.Tuners.Online;

/// <summary>Which of a model's weights speak for it: the last ones, or one of their means.</summary>
/// <remarks>
/// <code>
/// l_0, l_k   the losses of a batch of the last weights and of mean k, the shorter means first
/// A_k        f A_k + l_0 - l_k          f = 0.8: the mean with the largest A_k above 0 speaks, else the last weights
/// S_k, Q_k   g S_k + d, g Q_k + d^2     d = l_k - l_(k-1), g = 0.9
/// renewed    when S_k > 2 sqrt(Q_k): mean k is worse than what is shorter by two deviations, so what it remembers is of another time; it begins anew from that
/// </code>
/// The mean of all weights since a change learns as fast as can be (Polyak and Juditsky 1992), where a rate would have to fall with time; and nobody has to know when the change was. Constants chosen.
/// </remarks>
internal sealed class Voice(int means)
{
    private const double Fading = 0.8, FadingOfDoubt = 0.9, Doubt = 2;
    private readonly double[] _lead = new double[means], _sum = new double[means], _squares = new double[means];

    /// <summary>Which mean speaks; null: the last weights.</summary>
    public int? Mean
    {
        get
        {
            var best = -1;
            for (var k = 0; k < means; k++)
            {
                if (_lead[k] > (best < 0 ? 0 : _lead[best])) best = k;
            }

            return best < 0 ? null : best;
        }
    }

    /// <summary>After a surprise nothing is known but the last weights.</summary>
    public void Reset() => Array.Clear(_lead);

    /// <summary>Takes the losses of a batch of a mean.</summary>
    /// <param name="k">Which mean.</param>
    /// <param name="last">The loss of the last weights.</param>
    /// <param name="shorter">The loss of the next shorter mean; for the first, of the last weights.</param>
    /// <param name="own">The mean's loss.</param>
    /// <returns>Whether it is to begin anew from what is shorter.</returns>
    public bool Hear(int k, double last, double shorter, double own)
    {
        if (double.IsFinite(last - own)) _lead[k] = Fading * _lead[k] + last - own;
        var behind = own - shorter;
        if (!double.IsFinite(behind)) return false;
        (_sum[k], _squares[k]) = (FadingOfDoubt * _sum[k] + behind, FadingOfDoubt * _squares[k] + behind * behind);
        if (!(_sum[k] > Doubt * Math.Sqrt(_squares[k]))) return false;
        (_sum[k], _squares[k], _lead[k]) = (0, 0, k == 0 ? 0 : _lead[k - 1]);
        return true;
    }

    public void Save(BinaryWriter writer)
    {
        foreach (var numbers in (double[][])[_lead, _sum, _squares])
        {
            foreach (var number in numbers) writer.Write(number);
        }
    }

    public void Load(BinaryReader reader)
    {
        foreach (var numbers in (double[][])[_lead, _sum, _squares])
        {
            for (var k = 0; k < means; k++) numbers[k] = reader.ReadDouble();
        }
    }
}
