using AutoTune.Spaces;
using AutoTune.Tuners.GaussianProcess;

namespace AutoTune.Tuners.Generative;

/// <summary>Points of a space as the two networks see them: a block of numbers for each hyperparameter.</summary>
/// <remarks>
/// <code>
/// ordered        one number from -1 to 1
/// choice         a number for each value (of up to 64; more count as ordered): 1 of its own, 0 of the others
/// may be absent  one more number: 1 where it exists, else 0, and its block is 0
/// </code>
/// What the generator writes are the same blocks without the last: a number as it is, cut at the ends, so that these can be reached; of a choice logits, of which the largest is taken after
/// Gumbel noise has been added, so that values are drawn by their softmax. Backwards a cut passes only what leads back inside, and a choice passes its derivatives as if the softmax
/// itself had been seen (straight through: Jang and others 2017, section 2.2). Immutable.
/// </remarks>
internal sealed class PointBlocks
{
    private const int MostLabels = 64;
    private readonly SpaceLayout _layout;
    private readonly Block[] _blocks;

    public PointBlocks(SearchSpace space, SpaceLayout layout)
    {
        _layout = layout;
        var dimensions = space.Encoding.Dimensions;
        var blocks = new List<Block>();
        for (var j = 0; j < dimensions.Length; j++)
        {
            if (dimensions[j].Levels == 1) continue;
            var labels = !dimensions[j].IsOrdered && dimensions[j].Levels <= MostLabels ? (int)dimensions[j].Levels!.Value : 0;
            var mayBeAbsent = dimensions[j].Hyperparameter.ActiveWhen is not null;
            blocks.Add(new Block(j, labels, SeenSize, WrittenSize, mayBeAbsent));
            SeenSize += Math.Max(1, labels) + (mayBeAbsent ? 1 : 0);
            WrittenSize += Math.Max(1, labels);
        }

        _blocks = [.. blocks];
    }

    /// <summary>How many numbers the discriminator sees.</summary>
    public int SeenSize { get; }

    /// <summary>How many numbers the generator writes.</summary>
    public int WrittenSize { get; }

    /// <summary>Writes what the discriminator sees of a settled point.</summary>
    public void See(ReadOnlySpan<double> unit, ReadOnlySpan<bool> active, Span<double> seen)
    {
        seen.Clear();
        foreach (var block in _blocks)
        {
            var j = block.Dimension;
            if (!active[j]) continue;
            if (block.Labels > 0) seen[block.Seen + Math.Min((int)(unit[j] * block.Labels), block.Labels - 1)] = 1;
            else seen[block.Seen] = 2 * unit[j] - 1;
            if (block.MayBeAbsent) seen[block.Seen + Math.Max(1, block.Labels)] = 1;
        }
    }

    /// <summary>The point that the generator wrote, settled, and what the discriminator is to see of it: numbers of finite ranges as written, not at the centres of their values.</summary>
    public void Read(ReadOnlySpan<double> written, RandomSource random, Span<double> unit, Span<bool> active, Span<double> seen)
    {
        unit.Fill(0.5);
        foreach (var block in _blocks)
        {
            if (block.Labels == 0)
            {
                unit[block.Dimension] = 0.5 + 0.5 * Math.Clamp(written[block.Written], -1, 1);
                continue;
            }

            var (best, value) = (double.NegativeInfinity, 0);
            for (var v = 0; v < block.Labels; v++)
            {
                var drawn = written[block.Written + v] - PortableMath.Log(-PortableMath.Log(1 - random.NextDouble() * (1 - 1e-12) - 1e-13));
                if (drawn > best) (best, value) = (drawn, v);
            }

            unit[block.Dimension] = _layout[block.Dimension].Encoded.UnitOfLevel(value);
        }

        _layout.Settle(unit, active);
        See(unit, active, seen);
        foreach (var block in _blocks)
        {
            if (block.Labels == 0 && active[block.Dimension]) seen[block.Seen] = Math.Clamp(written[block.Written], -1, 1);
        }
    }

    /// <summary>The derivatives by what was written, from those by what was seen of it.</summary>
    public void Backward(ReadOnlySpan<double> written, ReadOnlySpan<bool> active, ReadOnlySpan<double> bySeen, Span<double> byWritten)
    {
        byWritten.Clear();
        foreach (var block in _blocks)
        {
            if (!active[block.Dimension]) continue;
            if (block.Labels == 0)
            {
                var x = written[block.Written];
                var by = bySeen[block.Seen];
                byWritten[block.Written] = (x > 1 && by < 0) || (x < -1 && by > 0) ? 0 : by;
                continue;
            }

            // By the logits of a softmax p: p_v (by_v - sum p by).
            var most = double.NegativeInfinity;
            for (var v = 0; v < block.Labels; v++) most = Math.Max(most, written[block.Written + v]);
            double sum = 0, mean = 0;
            for (var v = 0; v < block.Labels; v++)
            {
                var p = PortableMath.Exp(written[block.Written + v] - most);
                byWritten[block.Written + v] = p;
                sum += p;
                mean += p * bySeen[block.Seen + v];
            }

            for (var v = 0; v < block.Labels; v++) byWritten[block.Written + v] *= (bySeen[block.Seen + v] - mean / sum) / sum;
        }
    }

    private sealed record Block(int Dimension, int Labels, int Seen, int Written, bool MayBeAbsent);
}
