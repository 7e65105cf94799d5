using System.Collections.Immutable;
using System.Numerics;

namespace AutoTune.Tuning;

/// <summary>A Sobol sequence with nested uniform (Owen) scrambling: points of the unit cube, each stretch of them evenly spread.</summary>
/// <remarks>
/// Direction numbers: Joe and Kuo 2008 (new-joe-kuo-6) for the first 21 dimensions; beyond, primitive polynomials in order of degree with
/// initial numbers drawn once from a fixed seed, so that each coordinate is still perfectly stratified while pairs of them are only about
/// as good as chance. Scrambling by hashing: Burley 2020, "Practical Hash-based Owen Scrambling". Immutable and thread-safe.
/// </remarks>
public sealed class SobolSequence
{
    private const int Bits = 32;

    // Polynomial degree s, inner coefficients a, initial numbers m_1..m_s, for dimensions 2 to 21.
    private static readonly ImmutableArray<(int Degree, uint Inner, uint[] Initial)> JoeKuo =
    [
        (1, 0, [1]), (2, 1, [1, 3]), (3, 1, [1, 3, 1]), (3, 2, [1, 1, 1]), (4, 1, [1, 1, 3, 3]), (4, 4, [1, 3, 5, 13]),
        (5, 2, [1, 1, 5, 5, 17]), (5, 4, [1, 1, 5, 5, 5]), (5, 7, [1, 1, 7, 11, 19]), (5, 11, [1, 1, 5, 1, 1]),
        (5, 13, [1, 1, 1, 3, 11]), (5, 14, [1, 3, 5, 5, 31]), (6, 1, [1, 3, 3, 9, 7, 49]), (6, 13, [1, 1, 1, 15, 21, 21]),
        (6, 16, [1, 3, 1, 13, 27, 49]), (6, 19, [1, 1, 1, 15, 7, 5]), (6, 22, [1, 3, 1, 15, 13, 25]), (6, 25, [1, 1, 5, 5, 19, 61]),
        (7, 1, [1, 3, 7, 11, 23, 15, 103]), (7, 4, [1, 3, 7, 13, 13, 15, 69]),
    ];

    private readonly uint[][] _directions; // dimension x bit
    private readonly uint[] _seeds;

    /// <summary>A sequence in this many dimensions.</summary>
    /// <param name="dimensions">At least 1.</param>
    /// <param name="scrambling">Makes the scrambling; the same source gives the same sequence.</param>
    public SobolSequence(int dimensions, RandomSource scrambling)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentNullException.ThrowIfNull(scrambling);
        _directions = new uint[dimensions][];
        _directions[0] = [.. Enumerable.Range(0, Bits).Select(bit => 1u << (Bits - 1 - bit))];
        using var polynomials = Polynomials().GetEnumerator();
        for (var d = 1; d < dimensions; d++)
        {
            polynomials.MoveNext();
            _directions[d] = Directions(polynomials.Current);
        }

        var seeds = scrambling.Fork("sobol");
        _seeds = [.. Enumerable.Range(0, dimensions).Select(_ => (uint)seeds.NextUInt64())];
    }

    /// <summary>How many coordinates a point has.</summary>
    public int Dimensions => _directions.Length;

    /// <summary>Writes the point of this index, each coordinate in (0, 1).</summary>
    /// <param name="index">From 0 to 2^32 - 1.</param>
    /// <param name="point">As many numbers as there are dimensions.</param>
    public void Point(long index, Span<double> point)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, uint.MaxValue);
        ArgumentOutOfRangeException.ThrowIfNotEqual(point.Length, Dimensions);
        for (var d = 0; d < point.Length; d++) point[d] = (Scramble(Unscrambled((uint)index, d), _seeds[d]) + 0.5) / 4294967296.0;
    }

    /// <summary>The coordinate as published, in multiples of 2^-32; points are in the order of their index, not of its Gray code.</summary>
    internal uint Unscrambled(uint index, int dimension)
    {
        var directions = _directions[dimension];
        var x = 0u;
        for (var rest = index; rest != 0; rest &= rest - 1) x ^= directions[BitOperations.TrailingZeroCount(rest)];
        return x;
    }

    private static IEnumerable<(int Degree, uint Inner, uint[] Initial)> Polynomials()
    {
        foreach (var entry in JoeKuo) yield return entry;
        var random = new RandomSource(20080101).Fork("sobol directions");
        for (var degree = 7; ; degree++)
        {
            for (var inner = degree == 7 ? 5u : 0; inner < 1u << (degree - 1); inner++)
            {
                if (!IsPrimitive(degree, (1u << degree) | (inner << 1) | 1)) continue;
                var initial = new uint[degree];
                for (var i = 0; i < degree; i++) initial[i] = (uint)random.NextInt(1 << i) * 2 + 1;
                yield return (degree, inner, initial);
            }
        }
    }

    /// <summary>Whether x generates all of GF(2)[x] / polynomial: its order is 2^degree - 1.</summary>
    private static bool IsPrimitive(int degree, uint polynomial)
    {
        var state = 2u;
        for (var order = 1u; order < 1u << degree; order++)
        {
            if (state == 1) return order == (1u << degree) - 1;
            state <<= 1;
            if ((state >> degree & 1) != 0) state ^= polynomial;
        }

        return false;
    }

    private static uint[] Directions((int Degree, uint Inner, uint[] Initial) polynomial)
    {
        var (degree, inner, initial) = polynomial;
        var v = new uint[Bits];
        for (var i = 0; i < Bits; i++)
        {
            if (i < degree)
            {
                v[i] = initial[i] << (Bits - 1 - i);
                continue;
            }

            v[i] = v[i - degree] ^ (v[i - degree] >> degree);
            for (var k = 1; k < degree; k++) v[i] ^= (inner >> (degree - 1 - k) & 1) * v[i - k];
        }

        return v;
    }

    private static uint Scramble(uint x, uint seed)
    {
        // A hash in which each bit depends on lower bits only, applied to the reversed number (Burley 2020, listing 4).
        x = Reverse(x) + seed;
        x ^= x * 0x6c50b47cu;
        x ^= x * 0xb82f1e52u;
        x ^= x * 0xc7afe638u;
        x ^= x * 0x8d22f6e6u;
        return Reverse(x);
    }

    private static uint Reverse(uint x)
    {
        x = (x >> 1 & 0x55555555) | (x & 0x55555555) << 1;
        x = (x >> 2 & 0x33333333) | (x & 0x33333333) << 2;
        x = (x >> 4 & 0x0F0F0F0F) | (x & 0x0F0F0F0F) << 4;
        return System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(x);
    }
}
