using AutoTune.Spaces;

namespace AutoTune.Tuners.Online;

/// <summary>A challenger against the champion, batch by batch: which is better, by a test that may be looked at after every batch.</summary>
/// <remarks>
/// <code>
/// d[n]       how much lower the challenger's loss of batch n is than the champion's, both having been tested before they learnt from it
/// S, V       the sums of d and of its squares up to n
/// G[n]       sqrt(c / (n + c)) (1 - S^2 / ((n + c) V))^(-n/2),   c = 1
/// better     S above 0 and G[n] at least 1 / (2 a);   worse: S below 0
/// </code>
/// G is the ratio of the likelihoods of "some mean, in deviations normal about 0 with variance 1/c" and "mean 0", the deviation integrated out of both: Jeffreys' t-test, anytime-valid at
/// level 2 a for normal d by Lai 1976, "On confidence sequences", and Wang and Ramdas 2025, "Anytime-valid t-tests and confidence sequences for Gaussian means with unknown
/// variance", theorem 4.2; a on each side. Few batches need no exception: below four nothing can reach level 95 %. The race of <c>UseRacing</c> looks a known number
/// of times, as often as there are folds; its boundary is narrower there, but a stream has no last look.
/// </remarks>
internal sealed class Contest
{
    private const double Precision = 1; // c: a prior worth one batch
    private double _sum, _squares;

    public int Count { get; private set; }

    /// <summary>The mean advantage of the challenger.</summary>
    public double Mean => Count == 0 ? 0 : _sum / Count;

    /// <summary>The sum of the challenger's losses.</summary>
    public double Own { get; private set; }

    /// <summary>The sum of the champion's losses on the same batches.</summary>
    public double Champions { get; private set; }

    /// <summary>Takes the losses of a batch.</summary>
    /// <param name="champion">The champion's.</param>
    /// <param name="own">The challenger's.</param>
    /// <param name="most">What a difference counts at most: one batch in which a model goes astray must not hide the others.</param>
    public void Add(double champion, double own, double most)
    {
        Count++;
        (Own, Champions) = (Own + own, Champions + champion);
        var difference = Math.Clamp(champion - own, -most, most);
        _sum += difference;
        _squares += difference * difference;
    }

    /// <summary>1: the challenger is better, -1: it is worse, 0: it is not known; at the level of error for each side.</summary>
    public int Verdict(double error)
    {
        if (_squares == 0) return 0;
        var ratio = 0.5 * (PortableMath.Log(Precision / (Count + Precision)) - Count * PortableMath.Log(1 - _sum * _sum / ((Count + Precision) * _squares)));
        return ratio >= -PortableMath.Log(2 * error) ? Math.Sign(_sum) : 0;
    }

    public void Reset() => (Count, _sum, _squares, Own, Champions) = (0, 0, 0, 0, 0);

    public void Save(BinaryWriter writer)
    {
        writer.Write(Count);
        foreach (var value in (ReadOnlySpan<double>)[_sum, _squares, Own, Champions]) writer.Write(value);
    }

    public void Load(BinaryReader reader)
    {
        Count = reader.ReadInt32();
        (_sum, _squares, Own, Champions) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
    }
}
