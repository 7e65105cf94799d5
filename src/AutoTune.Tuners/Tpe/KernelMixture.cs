using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AutoTune.Spaces;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.Tpe;

/// <summary>A density over the hyperparameters of a group: the weighted mean of a product of kernels for each trial and an even prior.</summary>
/// <remarks>
/// <code>
/// n, d, m   kernels, dimensions and points
/// reals     the dimensions whose kernels have a density                                                       r of d
/// scaled    coordinates divided by the width, four kernels side by side: kernel 4 b + l at (b r + j) 4 + l    n x r
/// levels    level numbers, for each of the other dimensions                                                   (d - r) x n
/// y         per kernel -2 log of its weighted product at a point: normals add squares to it, without an exponential each   m x n
/// density   (sum of exp(-y / 2) + prior) / (n - hidden + 1); y begins at -2 log weight, and weights have a mean of 1
/// </code>
/// All kernels share a dimension's width, so that a point costs n d additions and n exponentials; four kernels at four points are worked
/// out in registers. Hidden kernels do not count: so the others' density needs no copy without the good ones. Not thread-safe.
/// </remarks>
internal sealed class KernelMixture
{
    private const int Lanes = 4;
    private const double Hidden = 1e6;
    private const int FirstRoom = 16;
    private readonly TpeDimension[] _dimensions;
    private readonly int[] _steps, _column;
    private readonly int _reals;
    private readonly int[][] _levels;
    private double[] _scaled = [], _base = [], _points = [], _y = [];

    public KernelMixture(TpeDimension[] dimensions)
    {
        _dimensions = dimensions;
        _steps = new int[dimensions.Length];
        _levels = new int[dimensions.Length][];
        _column = new int[dimensions.Length];
        Array.Fill(_levels, []);
        for (var j = 0; j < dimensions.Length; j++) _column[j] = dimensions[j].Levels == 0 ? _reals++ : -1;
    }

    /// <summary>How many kernels there are.</summary>
    public int Count { get; private set; }

    public void Clear() => Count = 0;

    /// <summary>Removes the kernels from number <paramref name="count"/> on.</summary>
    public void Truncate(int count) => Count = count;

    public double Width(int j) => TpeDimension.Width(_steps[j]);

    public int Level(int j, int kernel) => _levels[j][kernel];

    public double Centre(int j, int kernel) => _scaled[At(j, kernel)] * Width(j);

    /// <summary>Sets the widths; what is there already is scaled anew where they differ.</summary>
    public void SetWidths(ReadOnlySpan<int> steps)
    {
        for (var j = 0; j < _dimensions.Length; j++)
        {
            if (steps[j] == _steps[j]) continue;
            var (old, width) = (Width(j), TpeDimension.Width(steps[j]));
            _steps[j] = steps[j];
            for (var i = 0; i < Count && _column[j] >= 0; i++)
            {
                var centre = _scaled[At(j, i)] * old;
                _scaled[At(j, i)] = centre / width;
                _base[i] += 2 * (TpeDimension.LogNorm(centre, width) - TpeDimension.LogNorm(centre, old));
            }
        }
    }

    /// <summary>Adds the kernel of a trial.</summary>
    /// <param name="unit">Its point.</param>
    /// <param name="weight">Its weight; their mean must be 1.</param>
    public void Add(ReadOnlySpan<double> unit, double weight = 1)
    {
        if (Count == _base.Length) Grow();
        for (var j = 0; j < _dimensions.Length; j++)
        {
            var x = unit[_dimensions[j].Index];
            if (_column[j] < 0) _levels[j][Count] = _dimensions[j].LevelOf(x);
            else _scaled[At(j, Count)] = x / Width(j);
        }

        _base[Count] = 2 * (LogNorm(Count) - PortableMath.Log(weight));
        Count++;
    }

    /// <summary>The logarithm of the density at several points, the kernels of <paramref name="hidden"/> left out.</summary>
    /// <param name="units">The points, in the space's coordinates                   m x the space's hyperparameters.</param>
    /// <param name="hidden">Numbers of kernels that do not count.</param>
    /// <param name="logs">Receives the logarithms                                   m.</param>
    public void LogDensities(ReadOnlySpan<double> units, ReadOnlySpan<int> hidden, Span<double> logs)
    {
        var size = units.Length / logs.Length;
        var room = (Count + Lanes - 1) / Lanes * Lanes;
        if (_y.Length < Lanes * room) _y = new double[Lanes * _base.Length];
        if (_points.Length == 0) _points = new double[Lanes * Math.Max(1, _reals)];
        for (var first = 0; first < logs.Length; first += Lanes)
        {
            var points = Math.Min(Lanes, logs.Length - first);
            for (var j = 0; j < _dimensions.Length; j++)
            {
                if (_column[j] < 0) continue;
                for (var p = 0; p < Lanes; p++)
                    _points[_column[j] * Lanes + p] = units[(first + Math.Min(p, points - 1)) * size + _dimensions[j].Index] / Width(j);
            }

            AddSquares(_scaled, _base, _points, _y.AsSpan(0, Lanes * room), _reals);
            for (var p = 0; p < points; p++)
            {
                var y = _y.AsSpan(p * room, Count);
                var prior = AddLevels(units.Slice((first + p) * size, size), Count - hidden.Length, y);
                foreach (var kernel in hidden) y[kernel] = Hidden;
                logs[first + p] = LogSum(y, prior) - PortableMath.Log(Count - hidden.Length + 1);
            }
        }
    }

    // Four points at a time: y (4 x n) = base + squared distances. Optimised at once, as short studies end before the runtime would do it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddSquares(ReadOnlySpan<double> scaled, ReadOnlySpan<double> start, ReadOnlySpan<double> points, Span<double> y, int reals)
    {
        ref var x = ref MemoryMarshal.GetReference(scaled);
        ref var b = ref MemoryMarshal.GetReference(start);
        ref var q = ref MemoryMarshal.GetReference(points);
        ref var to = ref MemoryMarshal.GetReference(y);
        var row = (nuint)(y.Length / Lanes);
        nuint at = 0;
        for (nuint i = 0; i < row; i += Lanes)
        {
            var y0 = Vector256.LoadUnsafe(ref b, i);
            Vector256<double> y1 = y0, y2 = y0, y3 = y0;
            for (nuint j = 0; j < (nuint)reals * Lanes; j += Lanes, at += Lanes)
            {
                var v = Vector256.LoadUnsafe(ref x, at);
                var d0 = v - Vector256.Create(Unsafe.Add(ref q, j));
                var d1 = v - Vector256.Create(Unsafe.Add(ref q, j + 1));
                var d2 = v - Vector256.Create(Unsafe.Add(ref q, j + 2));
                var d3 = v - Vector256.Create(Unsafe.Add(ref q, j + 3));
                y0 = Vector256.FusedMultiplyAdd(d0, d0, y0);
                y1 = Vector256.FusedMultiplyAdd(d1, d1, y1);
                y2 = Vector256.FusedMultiplyAdd(d2, d2, y2);
                y3 = Vector256.FusedMultiplyAdd(d3, d3, y3);
            }

            y0.StoreUnsafe(ref to, i);
            y1.StoreUnsafe(ref to, i + row);
            y2.StoreUnsafe(ref to, i + 2 * row);
            y3.StoreUnsafe(ref to, i + 3 * row);
        }
    }

    // What the finite dimensions add to y; returns the logarithm of the prior.
    private double AddLevels(ReadOnlySpan<double> unit, int kernels, Span<double> y)
    {
        var prior = 0.0;
        for (var j = 0; j < _dimensions.Length; j++)
        {
            if (_column[j] >= 0) continue;
            var dimension = _dimensions[j];
            var x = dimension.LevelOf(unit[dimension.Index]);
            prior += dimension.LogPrior(x);
            var levels = _levels[j].AsSpan(0, Count);
            if (dimension.IsChoice)
            {
                var spread = dimension.Spread(kernels);
                var other = -2 * PortableMath.Log(spread / dimension.Levels);
                var same = -2 * PortableMath.Log(1 - spread + spread / dimension.Levels);
                for (var i = 0; i < levels.Length; i++) y[i] += levels[i] == x ? same : other;
            }
            else
            {
                var row = dimension.Table(_steps[j]).AsSpan(x * dimension.Levels, dimension.Levels);
                for (var i = 0; i < levels.Length; i++) y[i] -= 2 * row[levels[i]];
            }
        }

        return prior;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double LogSum(ReadOnlySpan<double> y, double prior)
    {
        ref var first = ref MemoryMarshal.GetReference(y);
        var least = Vector256.Create(-2 * prior);
        var i = 0;
        for (; i + Lanes <= y.Length; i += Lanes) least = Vector256.Min(least, Vector256.LoadUnsafe(ref first, (nuint)i));
        var top = Math.Min(Math.Min(least[0], least[1]), Math.Min(least[2], least[3]));
        for (; i < y.Length; i++) top = Math.Min(top, y[i]);
        top *= -0.5;
        var lanes = Vector256<double>.Zero;
        for (i = 0; i + Lanes <= y.Length; i += Lanes)
            lanes += VectorMath.ExpOfNegative(Vector256.LoadUnsafe(ref first, (nuint)i) * -0.5 - Vector256.Create(top));
        var sum = VectorMath.Sum(lanes) + VectorMath.ExpOfNegative(prior - top);
        for (; i < y.Length; i++) sum += VectorMath.ExpOfNegative(-0.5 * y[i] - top);
        return top + PortableMath.Log(sum);
    }

    private int At(int j, int kernel) => (kernel / Lanes * _reals + _column[j]) * Lanes + kernel % Lanes;

    private double LogNorm(int kernel)
    {
        var sum = 0.0;
        for (var j = 0; j < _dimensions.Length; j++)
        {
            if (_column[j] >= 0) sum += TpeDimension.LogNorm(Centre(j, kernel), Width(j));
        }

        return sum;
    }

    private void Grow()
    {
        var room = Math.Max(FirstRoom, 2 * _base.Length);
        Array.Resize(ref _base, room);
        Array.Resize(ref _scaled, room * _reals);
        for (var j = 0; j < _dimensions.Length; j++)
        {
            if (_column[j] < 0) Array.Resize(ref _levels[j], room);
        }
    }
}
