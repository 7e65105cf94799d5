using AutoTune.Spaces;

namespace AutoTune.Tuners.Reinforcement;

/// <summary>A hyperparameter as an action of the agent: what it may be, and how its value looks to the networks.</summary>
/// <remarks>
/// <code>
/// bin       the stretch of [0, 1] that belongs to a value; of a continuum the point itself, and what lies beyond the ends belongs to them
/// block     what networks see of a value: 1 and the coordinate in [-1, 1] where there is an order, else a 1 at its value; zeros if absent
/// </code>
/// Immutable.
/// </remarks>
internal sealed class ActionSlot
{
    private const int MostLabels = 32; // beyond, networks see a choice as a number

    public ActionSlot(EncodedDimension encoded, int dimension)
    {
        Encoded = encoded;
        Dimension = dimension;
        IsChoice = !encoded.IsOrdered;
        Values = IsChoice ? (int)encoded.Levels!.Value : 0;
        BlockSize = IsChoice && Values <= MostLabels ? Values : 2;
    }

    public EncodedDimension Encoded { get; }

    /// <summary>Which coordinate of the space it is.</summary>
    public int Dimension { get; }

    /// <summary>Whether its values have no order.</summary>
    public bool IsChoice { get; }

    /// <summary>How many values a choice has; 0 where there is an order.</summary>
    public int Values { get; }

    /// <summary>Whether every number in [0, 1] is a value of its own.</summary>
    public bool IsContinuum => Encoded.Levels is null;

    public int BlockSize { get; }

    /// <summary>The value of a choice at a coordinate.</summary>
    public int ValueOf(double unit) => Math.Clamp((int)(unit * Values), 0, Values - 1);

    /// <summary>The bin of the value at a coordinate; infinite where it goes on beyond the end of the range, of no width within a continuum.</summary>
    public (double Low, double High) BinOf(double unit)
    {
        if (IsContinuum) return unit <= 0 ? (double.NegativeInfinity, 0) : unit >= 1 ? (1, double.PositiveInfinity) : (unit, unit);
        var (low, high) = Edges(unit);
        return (low <= 1e-12 ? double.NegativeInfinity : low, high >= 1 - 1e-12 ? double.PositiveInfinity : high);
    }

    /// <summary>Writes the block of a value.</summary>
    public void Write(double unit, bool isThere, Span<double> block)
    {
        block[..BlockSize].Clear();
        if (!isThere) return;
        if (IsChoice && Values <= MostLabels)
        {
            block[ValueOf(unit)] = 1;
            return;
        }

        block[0] = 1;
        block[1] = 2 * unit - 1;
    }

    private (double Low, double High) Edges(double unit)
    {
        if (Encoded.Hyperparameter.Domain is IntegerDomain { Scale: Scale.Log } domain)
        {
            // Each whole number owns the stretch from half below to half above it.
            var low = PortableMath.Log(domain.Low - 0.5);
            var span = PortableMath.Log(domain.High + 0.5) - low;
            var value = Math.Clamp(Math.Round(PortableMath.Exp(low + span * unit)), domain.Low, domain.High);
            return ((PortableMath.Log(value - 0.5) - low) / span, (PortableMath.Log(value + 0.5) - low) / span);
        }

        var levels = (double)Encoded.Levels!.Value;
        var level = Math.Clamp(Math.Floor(unit * levels), 0, levels - 1);
        return (level / levels, (level + 1) / levels);
    }
}
