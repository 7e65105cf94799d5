using System.Collections.Immutable;
using System.Globalization;
using AutoTune.Spaces;
using AutoTune.Tuners.GaussianProcess;

namespace AutoTune.Tuners.Portfolio;

/// <summary>Which share of the trials each member of a portfolio is due, and why.</summary>
/// <remarks>
/// <code>
/// s_m       share of the pairs of left-out trials that model m orders right, see <see cref="OrderSkill"/>
/// prior_m   w_m exp((s_m - max s) / 0.05) for a member with a model, w_m for another
/// lift_m    (b_m + 1) / (b t_m / t + 1): new bests that it found of all b lately, beside what its t_m of all t trials would make expect
/// share_m   prior_m lift_m, divided by the sum
/// next      the member whose trials, pending ones included, are furthest behind its share:  max share_m (t + 1) - t_m
/// </code>
/// The prior says which model understands this study, the lift who found something: the one works from few trials, the other corrects it.
/// Nobody's share is zero, so that a member can come back, and none is drawn by chance, so that the others never cost more than their shares.
/// </remarks>
internal sealed class Shares
{
    private const double Sharpness = 0.05; // chosen: a model that orders one pair in twenty worse gets a third
    private const double Doubt = 5; // guesses added to a model's pairs, in trials
    private readonly ImmutableArray<Member> _members;
    private readonly TrialRecord _record;
    private readonly double[] _skills, _shares, _behind;
    private readonly int _trials, _bests;

    private Shares(ImmutableArray<Member> members, TrialRecord record)
    {
        _members = members;
        _record = record;
        (_skills, _shares, _behind) = (new double[members.Length], new double[members.Length], new double[members.Length]);
        (_trials, _bests) = (record.Trials.Sum(), record.Bests.Sum());
    }

    /// <summary>The shares.</summary>
    /// <param name="members">The members.</param>
    /// <param name="told">How the finished trials ended, in the order told.</param>
    /// <param name="record">What the members have achieved.</param>
    /// <param name="pending">How many trials of each member are pending.</param>
    public static Shares Of(ImmutableArray<Member> members, IReadOnlyList<Standing> told, TrialRecord record, ReadOnlySpan<int> pending)
    {
        var shares = new Shares(members, record);
        var best = 0.0;
        for (var m = 0; m < members.Length; m++)
        {
            shares._skills[m] = members[m].Tuner is ILeftOutPredictor predictor ? SkillOf(predictor, told) : double.NaN;
            if (shares._skills[m] > best) best = shares._skills[m];
        }

        var sum = 0.0;
        for (var m = 0; m < members.Length; m++)
        {
            var prior = members[m].Weight * (double.IsNaN(shares._skills[m]) ? 1 : PortableMath.Exp((shares._skills[m] - best) / Sharpness));
            var expected = shares._trials > 0 ? (double)shares._bests * record.Trials[m] / shares._trials : 0;
            shares._shares[m] = prior * (record.Bests[m] + 1) / (expected + 1);
            sum += shares._shares[m];
        }

        var total = 1 + shares._trials;
        foreach (var count in pending) total += count;
        for (var m = 0; m < members.Length; m++)
        {
            shares._shares[m] /= sum;
            shares._behind[m] = shares._shares[m] * total - record.Trials[m] - pending[m];
        }

        return shares;
    }

    // A model that cannot be made now is no better than a guess.
    private static double SkillOf(ILeftOutPredictor predictor, IReadOnlyList<Standing> told)
    {
        try
        {
            return OrderSkill.Of(predictor.PredictLeftOut(), told, Doubt);
        }
        catch (SurrogateException)
        {
            return 0.5;
        }
    }

    /// <summary>The members, the one whose turn it is first.</summary>
    public int[] Order()
    {
        var order = new int[_members.Length];
        for (var m = 0; m < order.Length; m++) order[m] = m;
        Array.Sort(order, (a, b) => _behind[a] != _behind[b] ? _behind[b].CompareTo(_behind[a]) : a.CompareTo(b));
        return order;
    }

    /// <summary>Why it may be a member's turn, for people.</summary>
    public string Reason(int member)
    {
        var skill = double.IsNaN(_skills[member]) ? "it" : Text($"it orders {100 * _skills[member]:0} % of left-out pairs right,");
        return Text($"{skill} found {_record.Bests[member]} of {_bests} new bests in {_record.Trials[member]} of the latest {_trials} trials, and is furthest behind its share of {100 * _shares[member]:0} %");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
