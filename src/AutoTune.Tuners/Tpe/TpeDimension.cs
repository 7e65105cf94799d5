using AutoTune.Spaces;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.Tpe;

/// <summary>The kernels of one hyperparameter: what the trials at one value say about another.</summary>
/// <remarks>
/// <code>
/// m, s      centre and width of a kernel, in the unit of the cube
/// continuum N(x; m, s) / (cdf((1 - m) / s) - cdf(-m / s))                                    a normal, truncated to [0, 1]
/// ordered   the integral of that over the bin of x; past 64 values the density at the bin's centre stands for it
/// choice    1 - e + e / L for its own value, e / L for each other
/// </code>
/// Widths lie on a grid, 1.2 apart, so that the tables of ordered values are made once each. Not thread-safe (the tables are kept).
/// </remarks>
internal sealed class TpeDimension
{
    private const int MaxTable = 64;
    private const double GridStep = 1.2;
    private const int GridSize = 32; // down to 0.003
    private static readonly double[] Grid = MakeGrid();
    private readonly EncodedDimension _encoded;
    private readonly double[] _units = [], _edges = [];
    private readonly double[]?[] _tables = new double[GridSize][];

    public TpeDimension(EncodedDimension encoded, int index)
    {
        _encoded = encoded;
        Index = index;
        Levels = encoded.Levels is { } levels && (!encoded.IsOrdered || levels <= MaxTable) ? (int)levels : 0;
        if (Levels == 0) return;
        _units = new double[Levels];
        _edges = new double[Levels + 1];
        for (var level = 0; level < Levels; level++) _units[level] = encoded.UnitOfLevel(level);
        for (var level = 1; level < Levels; level++) _edges[level] = 0.5 * (_units[level - 1] + _units[level]);
        _edges[Levels] = 1;
    }

    /// <summary>Which coordinate of the space it is.</summary>
    public int Index { get; }

    /// <summary>How many values its kernels tell apart; 0 where they have a density.</summary>
    public int Levels { get; }

    /// <summary>Whether its values have no order.</summary>
    public bool IsChoice => !_encoded.IsOrdered;

    public static double Width(int step) => Grid[step];

    /// <summary>The step of the grid whose width is next below.</summary>
    public static int StepOf(double width)
    {
        var step = 0;
        while (step < GridSize - 1 && Grid[step] > width) step++;
        return step;
    }

    /// <summary>The share of a choice's kernel that is spread over all values; never so small that a choice is forgotten.</summary>
    public double Spread(int kernels) => Math.Max(0.1, (double)Levels / (Levels + kernels));

    public double UnitOf(int level) => _units[level];

    public double Snap(double unit) => _encoded.Levels is null ? unit : _encoded.Snap(unit);

    public int LevelOf(double unit)
    {
        var at = Array.BinarySearch(_edges, 1, Levels - 1, unit);
        return at >= 0 ? at : ~at - 1;
    }

    /// <summary>The logarithm of the prior's probability of a level: even over the cube.</summary>
    public double LogPrior(int level) => PortableMath.Log(_edges[level + 1] - _edges[level]);

    /// <summary>The logarithm of what a truncated normal is divided by: s times the mass within the cube, and the root of 2 pi.</summary>
    public static double LogNorm(double centre, double width)
    {
        const double Far = 8; // the mass beyond is below 1e-15
        var low = centre > Far * width ? 0 : NormalDistribution.Cumulative(-centre / width);
        var high = 1 - centre > Far * width ? 0 : NormalDistribution.Cumulative(-(1 - centre) / width);
        return PortableMath.Log(width * (1 - low - high)) + NormalDistribution.HalfLogTwoPi;
    }

    /// <summary>The log probabilities of an ordered dimension: entry x L + m for value x and a kernel at m.</summary>
    public double[] Table(int step)
    {
        if (_tables[step] is { } known) return known;
        var table = new double[Levels * Levels];
        var cumulative = new double[Levels + 1];
        for (var m = 0; m < Levels; m++)
        {
            for (var edge = 0; edge <= Levels; edge++) cumulative[edge] = NormalDistribution.Cumulative((_edges[edge] - _units[m]) / Grid[step]);
            var mass = cumulative[Levels] - cumulative[0];
            for (var x = 0; x < Levels; x++)
                table[x * Levels + m] = PortableMath.Log(Math.Max((cumulative[x + 1] - cumulative[x]) / mass, 1e-300));
        }

        return _tables[step] = table;
    }

    private static double[] MakeGrid()
    {
        var grid = new double[GridSize];
        grid[0] = 1;
        for (var step = 1; step < GridSize; step++) grid[step] = grid[step - 1] / GridStep;
        return grid;
    }
}
