using System.Globalization;
using AutoTune;

namespace LivePrices;

/// <summary>A diamond that was sold.</summary>
internal sealed record Diamond(float LogCarat, string Cut, string Color, string Clarity, float Depth, float Table, float LogPrice)
{
    /// <summary>The real sales of datasets/diamonds in random order, on a market that changes twice: see Program.cs.</summary>
    public static IEnumerable<Diamond[]> Sales(int batch, int batches)
    {
        var lines = File.ReadAllLines(Path.Combine(Examples.Repository.Root, "datasets", "diamonds", "diamonds.csv"))[1..];
        new RandomSource(1).Shuffle<string>(lines);
        return lines.Take(batch * batches).Select((line, i) => Of(line.Split(','), (double)i / (batch * batches))).Chunk(batch);
    }

    private static Diamond Of(string[] cells, double time)
    {
        float Number(int column) => float.Parse(cells[column], CultureInfo.InvariantCulture);
        var price = Math.Log(Number(6));
        if (time > 1 / 3.0) price += Math.Log(2);
        if (time > 2 / 3.0) price += 0.1 * (cells[2][0] - 'D');
        return new Diamond((float)Math.Log(Number(0)), cells[1], cells[2], cells[3], Number(4), Number(5), (float)price);
    }
}
