using System.Collections.Immutable;

namespace AutoTune.Scheduling;

/// <summary>Brackets of successive halving, by default those of Hyperband (Li and others 2018, algorithm 1): how many trials begin with which budget, and how many come to the next. Immutable.</summary>
/// <remarks>
/// <code>
/// R, η, smax   whole budget, reduction, floor(log_η(R / min))
/// budgets      R η^-smax, ..., R η^-1, R                                      rounded
/// bracket s    ceil((smax + 1) / (s + 1) · η^s) trials begin at R η^-s, and floor(that / η^i) of them come to R η^(i - s)
/// </code>
/// </remarks>
public sealed class HyperbandBrackets
{
    private readonly ImmutableArray<ImmutableArray<int>> _sizes; // by the rung at which a bracket begins

    /// <summary>The brackets of these budgets.</summary>
    /// <param name="min">The fewest steps a trial may get; 1 or more.</param>
    /// <param name="max">How many steps a whole trial has; above <paramref name="min"/>.</param>
    /// <param name="reduction">One in how many goes on (η); 2 or more.</param>
    public HyperbandBrackets(int min, int max, int reduction)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(min, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(max, min);
        ArgumentOutOfRangeException.ThrowIfLessThan(reduction, 2);
        var top = 0;
        for (long budget = min; budget * reduction <= max; budget *= reduction) top++;
        var steps = ImmutableArray.CreateBuilder<int>();
        var divisor = Power(reduction, top);
        for (var rung = 0; rung <= top; rung++, divisor /= reduction) steps.Add((int)((max + divisor / 2) / divisor));
        Budgets = steps.ToImmutable();
        Ladder = new BudgetLadder(Budgets);
        _sizes = [.. Enumerable.Range(0, top + 1).Select(first => Sizes(top, top - first, reduction))];
        Reduction = reduction;
    }

    /// <summary>One bracket of other sizes than Hyperband's. One that begins at a higher rung has the sizes from there on.</summary>
    /// <param name="budgets">The budgets, rising; the last is that of a whole trial.</param>
    /// <param name="sizes">How many trials come to each, falling.</param>
    /// <exception cref="ArgumentException">There are fewer than two, or not as many of both; or they do not rise and fall from and to 1 or more.</exception>
    public HyperbandBrackets(ImmutableArray<int> budgets, ImmutableArray<int> sizes)
    {
        if (budgets.IsDefault || sizes.IsDefault || budgets.Length < 2 || sizes.Length != budgets.Length || budgets[0] < 1 || sizes[^1] < 1)
            throw new ArgumentException("A bracket must have two budgets or more, as many sizes, and neither below 1.");
        for (var rung = 1; rung < budgets.Length; rung++)
        {
            if (budgets[rung] <= budgets[rung - 1] || sizes[rung] >= sizes[rung - 1])
                throw new ArgumentException(FormattableString.Invariant($"From rung to rung budgets must rise and sizes fall; {sizes[rung]} trials with {budgets[rung]} steps follow on {sizes[rung - 1]} with {budgets[rung - 1]}."));
        }

        Budgets = budgets;
        Ladder = new BudgetLadder(budgets);
        _sizes = [.. Enumerable.Range(0, sizes.Length).Select(first => sizes[first..])];
        Reduction = Math.Max(2, sizes[0] / sizes[1]);
    }

    /// <summary>The budgets, a rung each, lowest first; the last is that of a whole trial.</summary>
    public ImmutableArray<int> Budgets { get; }

    /// <summary>One in how many goes on; in a bracket of other sizes than Hyperband's, from its first rung.</summary>
    public int Reduction { get; }

    internal BudgetLadder Ladder { get; }

    /// <summary>The bracket with the most trials, and then another scheduler: for packages whose own schedulers build on it. Its trials resume.</summary>
    /// <param name="trialLimit">How many trials the study starts; null: no such limit.</param>
    /// <param name="mayBeCutShort">Whether the study may end before it has started them all, such as by a time limit: then it begins with one whole trial, so that it has a result.</param>
    /// <param name="then">What starts and judges all later trials, and observes those of the opening, too; null: the other brackets, round and round.</param>
    public IScheduler CreateOpening(int? trialLimit, bool mayBeCutShort, IScheduler? then) => new HyperbandScheduler(this, trialLimit, mayBeCutShort, then);

    /// <summary>The rung at which the bracket of this number begins, both counted from 0; brackets come round and round, the one with the most trials first.</summary>
    public int FirstRung(int bracket) => bracket % Ladder.Count;

    /// <summary>How many trials of a bracket come to each rung, from the one at which it begins on.</summary>
    public ImmutableArray<int> Sizes(int firstRung) => _sizes[firstRung];

    private static ImmutableArray<int> Sizes(int top, int s, int reduction)
    {
        var begin = ((top + 1) * Power(reduction, s) + s) / (s + 1);
        return [.. Enumerable.Range(0, s + 1).Select(i => (int)(begin / Power(reduction, i)))];
    }

    private static long Power(int number, int exponent)
    {
        long power = 1;
        while (exponent-- > 0) power *= number;
        return power;
    }
}
