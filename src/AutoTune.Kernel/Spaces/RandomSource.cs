using AutoTune.Spaces;

namespace AutoTune;

/// <summary>
/// The only source of randomness: a seeded generator (xoshiro256++, Blackman and Vigna 2019) that gives the same numbers on every
/// machine, and that forks into independent sources by name and index.
/// </summary>
/// <remarks>
/// A fork depends on the seed and the path of names alone, never on how many numbers were drawn before: that is what makes a study
/// repeatable when it is resumed. Not thread-safe: fork one for each thread.
/// </remarks>
public sealed class RandomSource
{
    private readonly ulong _key;
    private ulong _s0, _s1, _s2, _s3;
    private double _spareGaussian = double.NaN;

    /// <summary>A source for this seed.</summary>
    public RandomSource(long seed) : this(Mix(unchecked((ulong)seed) + 0x9E3779B97F4A7C15UL)) { }

    private RandomSource(ulong key)
    {
        _key = key;
        var state = key;
        _s0 = SplitMix(ref state);
        _s1 = SplitMix(ref state);
        _s2 = SplitMix(ref state);
        _s3 = SplitMix(ref state);
    }

    /// <summary>An independent source, the same one for the same seed, <paramref name="name"/> and <paramref name="index"/>.</summary>
    public RandomSource Fork(string name, long index = 0)
    {
        ArgumentNullException.ThrowIfNull(name);
        var hash = 0xCBF29CE484222325UL; // FNV-1a over UTF-16 units
        foreach (var unit in name) hash = (hash ^ unit) * 0x100000001B3UL;
        return new RandomSource(Mix(_key ^ Mix(hash) ^ Mix(unchecked((ulong)index) + 0xD1B54A32D192ED03UL)));
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64()
    {
        var result = ulong.RotateLeft(_s0 + _s3, 23) + _s0;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = ulong.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A uniform number in [0, 1): a multiple of 2^-53.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A uniform whole number in [0, <paramref name="bound"/>), without bias.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is below 1.</exception>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        // Lemire 2019: multiply and reject the few values that would favour small results.
        var range = (ulong)bound;
        var high = Math.BigMul(NextUInt64(), range, out var low);
        if (low < range)
        {
            var threshold = (0UL - range) % range;
            while (low < threshold) high = Math.BigMul(NextUInt64(), range, out low);
        }

        return (int)high;
    }

    /// <summary>A standard normal number (Marsaglia's polar method).</summary>
    public double NextGaussian()
    {
        if (!double.IsNaN(_spareGaussian))
        {
            var spare = _spareGaussian;
            _spareGaussian = double.NaN;
            return spare;
        }

        while (true)
        {
            var u = 2 * NextDouble() - 1;
            var v = 2 * NextDouble() - 1;
            var s = u * u + v * v;
            if (s is >= 1 or 0) continue;
            var factor = Math.Sqrt(-2 * PortableMath.Log(s) / s);
            _spareGaussian = v * factor;
            return u * factor;
        }
    }

    /// <summary>A seed in [0, 2^31 - 1) for a library that takes an <see cref="int"/>.</summary>
    public int NextSeed() => NextInt(int.MaxValue);

    /// <summary>Puts <paramref name="items"/> into a uniformly random order, in place.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        return Mix(state);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
