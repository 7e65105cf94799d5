using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AutoTune.MLNet.Quality;

/// <summary>A row of a stream.</summary>
/// <param name="Features">The features, of mean 0 and variance 1.</param>
/// <param name="Label">A number to predict.</param>
/// <param name="Above">A class to predict.</param>
internal sealed record OnlineRow(float[] Features, float Label, bool Above);

/// <summary>Streams that change, for linear models.</summary>
/// <remarks>
/// Hyperplanes in fifty dimensions after Hulten, Spencer and Domingos 2001: the label is the distance from the plane plus noise of deviation 0.3, the class its side, of which one in twenty is wrong. Real prices: diamonds, the
/// logarithm of the price from nine features, in the order of their carat, so that the market moves on from the small to the large; each seed draws which 20,000.
/// </remarks>
internal static class OnlineStreams
{
    public const int Batch = 50, Count = 400;
    private const int Dimensions = 50, Attributes = 9;

    public static IReadOnlyList<(string Name, bool IsBinary, Func<int, IEnumerable<OnlineRow[]>> Rows)> All { get; } =
    [
        ("abrupt", false, seed => Planes(seed, at => at * 4 / Count)),
        ("gradual", false, seed => Planes(seed, at => 3.0 * at / Count)),
        ("recurring", false, seed => Planes(seed, at => at * 6 / Count % 2)),
        ("none", false, seed => Planes(seed, _ => 0)),
        ("classes", true, seed => Planes(seed, at => at * 4 / Count)),
        ("diamonds", false, seed => Diamonds(seed, withFaulty: true)),
        ("cleaned", false, seed => Diamonds(seed, withFaulty: false)),
    ];

    /// <summary>A batch as ML.NET takes it.</summary>
    public static IDataView View(MLContext ml, OnlineRow[] rows)
    {
        var schema = SchemaDefinition.Create(typeof(OnlineRow));
        schema[nameof(OnlineRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Features.Length);
        return ml.Data.Cache(ml.Data.LoadFromEnumerable(rows, schema));
    }

    /// <param name="seed">The seed.</param>
    /// <param name="concept">Which plane at a batch: between two whole numbers it is on the way from one to the next.</param>
    private static IEnumerable<OnlineRow[]> Planes(int seed, Func<int, double> concept)
    {
        var random = new RandomSource(seed).Fork("planes");
        for (var at = 0; at < Count; at++)
        {
            var (from, share) = ((int)Math.Floor(concept(at)), concept(at) % 1);
            var (one, other) = (Plane(random, from), Plane(random, from + 1));
            yield return [.. Enumerable.Range(0, Batch).Select(_ =>
            {
                var x = Enumerable.Range(0, Dimensions).Select(_ => (float)random.NextGaussian()).ToArray();
                var distance = x.Select((value, j) => value * ((1 - share) * one[j] + share * other[j])).Sum();
                return new OnlineRow(x, (float)(distance + 0.3 * random.NextGaussian()), distance > 0 != random.NextDouble() < 0.05);
            })];
        }
    }

    private static double[] Plane(RandomSource random, int number)
    {
        var draw = random.Fork("plane", number);
        var plane = Enumerable.Range(0, Dimensions).Select(_ => draw.NextGaussian()).ToArray();
        var norm = Math.Sqrt(plane.Sum(value => value * value));
        return [.. plane.Select(value => value / norm)];
    }

    private static IEnumerable<OnlineRow[]> Diamonds(int seed, bool withFaulty)
    {
        var rows = File.ReadLines(Path.Combine(Root(), "datasets", "diamonds", "diamonds.csv")).Skip(1).Select(line => line.Split(',')).Where(cells => withFaulty || IsPossible(cells)).ToArray();
        new RandomSource(seed).Fork("diamonds").Shuffle<string[]>(rows);
        rows = [.. rows.Take(Batch * Count).OrderBy(cells => double.Parse(cells[0], CultureInfo.InvariantCulture))];
        var columns = Enumerable.Range(0, Attributes).Select(j => rows.Select(cells => Cell(cells, j)).ToArray()).ToArray();
        var scales = columns.Select(column => (Mean: column.Average(), Deviation: Deviation(column))).ToArray();
        return rows.Select((cells, i) => new OnlineRow(
            [.. columns.Select((column, j) => (float)((column[i] - scales[j].Mean) / scales[j].Deviation))],
            (float)(Math.Log(double.Parse(cells[6], CultureInfo.InvariantCulture)) - 7.8), false)).Chunk(Batch);
    }

    // Twenty-six rows have a side of 0, or one several times as long as the others.
    private static bool IsPossible(string[] cells)
    {
        var sides = cells[7..10].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).Order().ToArray();
        return sides[0] > 0 && sides[2] < 3 * sides[0];
    }

    private static double Cell(string[] cells, int j) => j switch
    {
        0 or 4 or 5 => double.Parse(cells[j], CultureInfo.InvariantCulture),
        1 => Array.IndexOf(["Fair", "Good", "Very Good", "Premium", "Ideal"], cells[1]),
        2 => cells[2][0] - 'D',
        3 => Array.IndexOf(["I1", "SI2", "SI1", "VS2", "VS1", "VVS2", "VVS1", "IF"], cells[3]),
        _ => double.Parse(cells[j + 1], CultureInfo.InvariantCulture), // x, y, z after the price
    };

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AutoTune.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
