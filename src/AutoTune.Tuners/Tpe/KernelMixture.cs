using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AutoTune.Spaces;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.Tpe;

/// <summary>A density over the hyperparameters of a group: the mean of one product of kernels for each trial and an even prior.</summary>
/// <remarks>
/// <code>
/// n, d      kernels and dimensions
/// columns   for each dimension n numbers: coordinates divided by the width, or level numbers      d x n
/// y         per kernel -2 log of its product at the point: what normals add to is a sum of squares, without an exponential each
/// density   (sum of exp(-y / 2) + prior) / (n - hidden + 1)
/// </code>
/// All kernels share a dimension's width, so that a point costs n d additions and n exponentials, four at a time. Hidden kernels do not
/// count: so the others' density needs no copy without the good ones. Not thread-safe.
/// </remarks>
internal sealed class KernelMixture(TpeDimension[] dimensions)
{
    private const double Hidden = 1e6;
    private const double FirstRoom = 16;
    private readonly double[][] _scaled = Rows(dimensions.Length);
    private readonly int[][] _levels = [.. dimensions.Select(_ => Array.Empty<int>())];
    private readonly int[] _steps = new int[dimensions.Length];
    private double[] _base = [], _y = [];

    /// <summary>How many kernels there are.</summary>
    public int Count { get; private set; }

    public void Clear() => Count = 0;

    /// <summary>Removes the kernels from number <paramref name="count"/> on.</summary>
    public void Truncate(int count) => Count = count;

    public double Width(int j) => TpeDimension.Width(_steps[j]);

    public int Level(int j, int kernel) => _levels[j][kernel];

    public double Centre(int j, int kernel) => _scaled[j][kernel] * Width(j);

    /// <summary>Sets the widths; what is there already is scaled anew where they differ.</summary>
    public void SetWidths(ReadOnlySpan<int> steps)
    {
        if (steps.SequenceEqual(_steps)) return;
        for (var j = 0; j < dimensions.Length; j++)
        {
            var factor = TpeDimension.Width(_steps[j]) / TpeDimension.Width(steps[j]);
            if (dimensions[j].Levels == 0)
            {
                for (var i = 0; i < Count; i++) _scaled[j][i] *= factor;
            }

            _steps[j] = steps[j];
        }

        for (var i = 0; i < Count; i++) _base[i] = Base(i);
    }

    public void Add(ReadOnlySpan<double> unit)
    {
        if (Count == _base.Length) Grow();
        for (var j = 0; j < dimensions.Length; j++)
        {
            var x = unit[dimensions[j].Index];
            if (dimensions[j].Levels > 0) _levels[j][Count] = dimensions[j].LevelOf(x);
            else _scaled[j][Count] = x / Width(j);
        }

        _base[Count] = Base(Count);
        Count++;
    }

    /// <summary>The logarithm of the density at a point (in the space's coordinates), the kernels of <paramref name="hidden"/> left out.</summary>
    public double LogDensity(ReadOnlySpan<double> unit, ReadOnlySpan<int> hidden)
    {
        var kernels = Count - hidden.Length;
        var prior = 0.0;
        var y = _y.AsSpan(0, Count);
        _base.AsSpan(0, Count).CopyTo(y);
        for (var j = 0; j < dimensions.Length; j++)
        {
            var dimension = dimensions[j];
            if (dimension.Levels == 0)
            {
                VectorMath.AddSquaredDifference(_scaled[j].AsSpan(0, Count), unit[dimension.Index] / Width(j), y);
                continue;
            }

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

        foreach (var kernel in hidden) y[kernel] = Hidden;
        return LogSum(y, prior) - PortableMath.Log(kernels + 1);
    }

    private static double LogSum(ReadOnlySpan<double> y, double prior)
    {
        var top = prior;
        foreach (var value in y) top = Math.Max(top, -0.5 * value);
        var lanes = Vector256<double>.Zero;
        var i = 0;
        ref var first = ref MemoryMarshal.GetReference(y);
        for (; i + Vector256<double>.Count <= y.Length; i += Vector256<double>.Count)
            lanes += VectorMath.ExpOfNegative(Vector256.LoadUnsafe(ref first, (nuint)i) * -0.5 - Vector256.Create(top));
        var sum = VectorMath.Sum(lanes) + VectorMath.ExpOfNegative(prior - top);
        for (; i < y.Length; i++) sum += VectorMath.ExpOfNegative(-0.5 * y[i] - top);
        return top + PortableMath.Log(sum);
    }

    private static double[][] Rows(int count)
    {
        var rows = new double[count][];
        Array.Fill(rows, []);
        return rows;
    }

    private double Base(int kernel)
    {
        var sum = 0.0;
        for (var j = 0; j < dimensions.Length; j++)
        {
            if (dimensions[j].Levels == 0) sum += TpeDimension.LogNorm(_scaled[j][kernel] * Width(j), Width(j));
        }

        return 2 * sum;
    }

    private void Grow()
    {
        var room = (int)Math.Max(FirstRoom, 2 * _base.Length);
        Array.Resize(ref _base, room);
        Array.Resize(ref _y, room);
        for (var j = 0; j < dimensions.Length; j++)
        {
            if (dimensions[j].Levels > 0) Array.Resize(ref _levels[j], room);
            else Array.Resize(ref _scaled[j], room);
        }
    }
}
