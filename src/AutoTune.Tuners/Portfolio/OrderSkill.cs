namespace AutoTune.Tuners.Portfolio;

/// <summary>How well predictions put trials in order.</summary>
internal static class OrderSkill
{
    private const int MaxTrials = 200; // the latest: what a model makes of the search's present region, and a bounded cost

    /// <summary>
    /// The share of pairs that the predictions order like the losses, of the pairs with at least one trial of the better half: which of two
    /// bad trials is worse is of no use to a search. One half for guessing and while there is no pair, and drawn towards it where there are few.
    /// </summary>
    /// <param name="predicted">The predictions, NaN where there is none.</param>
    /// <param name="standings">How the trials ended; those without a loss are left out.</param>
    /// <param name="doubt">How many trials' worth of guessed pairs are added.</param>
    public static double Of(ReadOnlySpan<double> predicted, IReadOnlyList<Standing> standings, double doubt)
    {
        var known = new List<(Standing Standing, double Predicted)>(MaxTrials);
        for (var i = predicted.Length - 1; i >= 0 && known.Count < MaxTrials; i--)
        {
            if (standings[i].HasLoss && !double.IsNaN(predicted[i])) known.Add((standings[i], predicted[i]));
        }

        known.Sort((a, b) => a.Standing.CompareTo(b.Standing));
        double right = 0, pairs = 0;
        for (var i = 0; i < (known.Count + 1) / 2; i++)
        {
            for (var j = i + 1; j < known.Count; j++)
            {
                if (known[i].Standing.CompareTo(known[j].Standing) == 0) continue;
                pairs++;
                right += known[i].Predicted < known[j].Predicted ? 1 : known[i].Predicted > known[j].Predicted ? 0 : 0.5;
            }
        }

        if (pairs == 0) return 0.5;
        var guesses = doubt * pairs / known.Count;
        return (right + 0.5 * guesses) / (pairs + guesses);
    }
}
