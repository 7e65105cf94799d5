using System.Collections.Immutable;

namespace AutoTune.Scheduling;

/// <summary>The steps at which trials are compared, lowest first; the last is that of a whole trial, where nobody is compared any more.</summary>
internal sealed class BudgetLadder(ImmutableArray<int> steps)
{
    /// <summary>How many rungs there are, the whole trial's included.</summary>
    public int Count => steps.Length;

    /// <summary>The step of a whole trial.</summary>
    public int Max => steps[^1];

    public int this[int rung] => steps[rung];

    /// <summary>Rungs at min, min · reduction, min · reduction² and so on below max, and max.</summary>
    public static BudgetLadder Geometric(int min, int max, int reduction)
    {
        var steps = ImmutableArray.CreateBuilder<int>();
        for (long step = min; step < max; step *= reduction) steps.Add((int)step);
        steps.Add(max);
        return new BudgetLadder(steps.ToImmutable());
    }

    /// <summary>The highest rung at or below a step; -1 if there is none.</summary>
    public int RungAt(int step)
    {
        var rung = -1;
        while (rung + 1 < steps.Length && steps[rung + 1] <= step) rung++;
        return rung;
    }
}
