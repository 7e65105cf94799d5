using System.Numerics;

namespace AutoTune.Kernel.Tests.Spaces;

[TestClass]
public sealed class RandomSourceTests
{
    [TestMethod]
    public void Reference_AsPublished_GivesThePublishedNumbers()
    {
        // splitmix64.c and xoshiro256plusplus.c of Blackman and Vigna (2019); the values are those by which other libraries test theirs.
        var state = 1234567UL;
        Assert.AreSequenceEqual(
            new ulong[] { 6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821 },
            Enumerable.Range(0, 5).Select(_ => SplitMix(ref state)).ToArray());
        var xoshiro = new Xoshiro(1, 2, 3, 4);
        Assert.AreSequenceEqual(
            new ulong[] { 41943041, 58720359, 3588806011781223, 3591011842654386, 9228616714210784205, 9973669472204895162, 14011001112246962877, 12406186145184390807, 15849039046786891736, 10450023813501588000 },
            Enumerable.Range(0, 10).Select(_ => xoshiro.Next()).ToArray());
    }

    [TestMethod]
    [DataRow(0L)]
    [DataRow(1L)]
    [DataRow(-1L)]
    [DataRow(long.MinValue)]
    [DataRow(42L)]
    public void NextUInt64_AnySeed_IsXoshiroSeededBySplitMix(long seed)
    {
        var state = unchecked((ulong)seed);
        var key = SplitMix(ref state);
        var reference = new Xoshiro(SplitMix(ref key), SplitMix(ref key), SplitMix(ref key), SplitMix(ref key));
        var random = new RandomSource(seed);
        for (var i = 0; i < 1000; i++) Assert.AreEqual(reference.Next(), random.NextUInt64());
    }

    [TestMethod]
    public void Next_SeedOne_GivesTheseNumbersForEver()
    {
        // Golden: a journal of an earlier version must replay.
        var random = new RandomSource(1);
        Assert.AreEqual(
            "8089978747140965633 0.3083429344519919 862 1.0229069658408383 481779622 1639739079438696005 5164330772965667063",
            $"{random.NextUInt64()} {random.NextDouble():R} {random.NextInt(1000)} {random.NextGaussian():R} {random.NextSeed()} {random.Fork("a").NextUInt64()} {random.Fork("a", 1).NextUInt64()}");
    }

    [TestMethod]
    public void Fork_AfterDraws_IsTheSame()
    {
        var fresh = new RandomSource(7);
        var used = new RandomSource(7);
        for (var i = 0; i < 99; i++) used.NextGaussian();
        Assert.AreEqual(fresh.Fork("ask", 3).NextUInt64(), used.Fork("ask", 3).NextUInt64());
        used.Fork("ask", 4).NextUInt64();
        Assert.AreEqual(fresh.Fork("ask", 3).Fork("b").NextUInt64(), used.Fork("ask", 3).Fork("b").NextUInt64());
    }

    [TestMethod]
    public void Fork_AnyPath_GivesItsOwnNumbers()
    {
        var seen = new HashSet<ulong>();
        var expected = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            var root = new RandomSource(seed);
            Add(root);
            foreach (var name in new[] { "", "a", "b", "ab", "ba", "trial", "tuner", "A" })
            {
                for (var index = -3; index < 40; index++)
                {
                    Add(root.Fork(name, index));
                    Add(root.Fork(name, index).Fork("attempt", index));
                    Add(root.Fork("attempt", index).Fork(name + "'", index));
                }
            }
        }

        Assert.HasCount(expected, seen);

        void Add(RandomSource random)
        {
            expected++;
            seen.Add(random.NextUInt64());
        }
    }

    [TestMethod]
    public void Fork_NeighbouringIndices_AreUncorrelatedInEveryBit()
    {
        var root = new RandomSource(3);
        const int Count = 20_000;
        var differing = new int[64];
        var before = root.Fork("trial").NextUInt64();
        for (var index = 1; index <= Count; index++)
        {
            var next = root.Fork("trial", index).NextUInt64();
            for (var bit = 0; bit < 64; bit++) differing[bit] += (int)((next ^ before) >> bit & 1);
            before = next;
        }

        // Five standard deviations, for 64 counts at once.
        foreach (var count in differing) Assert.AreEqual(Count / 2.0, count, 5 * Math.Sqrt(Count) / 2);
    }

    [TestMethod]
    public void NextDouble_ManyDraws_IsUniformOnMultiplesOf2ToMinus53()
    {
        var random = new RandomSource(11);
        const int Count = 200_000;
        var bins = new int[100];
        for (var i = 0; i < Count; i++)
        {
            var x = random.NextDouble();
            if (x is not (>= 0 and < 1) || Math.ScaleB(x, 53) != Math.Floor(Math.ScaleB(x, 53))) Assert.Fail($"{x:R}");
            bins[(int)(x * 100)]++;
        }

        Assert.IsLessThan(148.2, ChiSquare(bins, Count / 100.0)); // the 99.9 % point of 99 degrees of freedom
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(7)]
    [DataRow(100)]
    public void NextInt_SmallBounds_IsUniform(int bound)
    {
        var random = new RandomSource(12);
        var bins = new int[bound];
        for (var i = 0; i < 100_000; i++) bins[random.NextInt(bound)]++;
        // The 99.9 % point by Wilson and Hilferty's approximation.
        var freedom = Math.Max(1, bound - 1);
        var limit = freedom * Math.Pow(1 - 2.0 / (9 * freedom) + 3.09 * Math.Sqrt(2.0 / (9 * freedom)), 3);
        Assert.IsLessThanOrEqualTo(limit, ChiSquare(bins, 100_000.0 / bound));
    }

    [TestMethod]
    public void NextInt_ABoundThatDoesNotDivide2To64_HasNoBias()
    {
        // 2^30 + 2^29 values: taking a 31-bit number modulo would give the lower third twice as often.
        const int Bound = (1 << 30) + (1 << 29);
        var random = new RandomSource(13);
        var low = 0;
        for (var i = 0; i < 90_000; i++) low += random.NextInt(Bound) < Bound / 3 ? 1 : 0;
        Assert.AreEqual(30_000, low, 4 * Math.Sqrt(90_000 * 2 / 9.0));
        Assert.IsInRange(0, int.MaxValue - 1, random.NextSeed());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => random.NextInt(0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => random.NextInt(-5));
    }

    [TestMethod]
    public void NextGaussian_ManyDraws_HasTheMomentsOfTheNormal()
    {
        var random = new RandomSource(14);
        const int Count = 200_000;
        double mean = 0, square = 0, cube = 0, fourth = 0;
        var beyond = 0;
        for (var i = 0; i < Count; i++)
        {
            var x = random.NextGaussian();
            mean += x / Count;
            square += x * x / Count;
            cube += x * x * x / Count;
            fourth += x * x * x * x / Count;
            if (Math.Abs(x) > 1.959963984540054) beyond++;
        }

        // Four standard errors each.
        Assert.AreEqual(0, mean, 4 / Math.Sqrt(Count));
        Assert.AreEqual(1, square, 4 * Math.Sqrt(2.0 / Count));
        Assert.AreEqual(0, cube, 4 * Math.Sqrt(15.0 / Count));
        Assert.AreEqual(3, fourth, 4 * Math.Sqrt(96.0 / Count));
        Assert.AreEqual(0.05 * Count, beyond, 4 * Math.Sqrt(Count * 0.05 * 0.95));
    }

    [TestMethod]
    public void Shuffle_ThreeItems_GivesEachOrderEquallyOften()
    {
        var random = new RandomSource(15);
        var orders = new SortedDictionary<string, int>(StringComparer.Ordinal);
        char[] items = ['a', 'b', 'c'];
        for (var i = 0; i < 60_000; i++)
        {
            items[0] = 'a';
            items[1] = 'b';
            items[2] = 'c';
            random.Shuffle<char>(items);
            var order = new string(items);
            orders[order] = orders.GetValueOrDefault(order) + 1;
        }

        Assert.HasCount(6, orders);
        Assert.IsLessThan(20.5, ChiSquare([.. orders.Values], 10_000)); // the 99.9 % point of 5 degrees of freedom
        random.Shuffle<char>([]);
    }

    private static double ChiSquare(int[] bins, double expected) => bins.Sum(count => (count - expected) * (count - expected) / expected);

    private static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    private sealed class Xoshiro(ulong a, ulong b, ulong c, ulong d)
    {
        private readonly ulong[] _s = [a, b, c, d];

        public ulong Next()
        {
            var result = BitOperations.RotateLeft(_s[0] + _s[3], 23) + _s[0];
            var t = _s[1] << 17;
            _s[2] ^= _s[0];
            _s[3] ^= _s[1];
            _s[1] ^= _s[2];
            _s[0] ^= _s[3];
            _s[2] ^= t;
            _s[3] = BitOperations.RotateLeft(_s[3], 45);
            return result;
        }
    }
}
