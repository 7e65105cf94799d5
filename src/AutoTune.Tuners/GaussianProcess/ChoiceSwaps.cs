namespace AutoTune.Tuners.GaussianProcess;

/// <summary>The best trial with one choice made otherwise: how a value that has hardly been seen gets a fair hearing.</summary>
/// <remarks>
/// A value of a choice that was tried once or twice, with poor values of everything else, looks poor to the model whatever it is worth, and
/// the more levels a choice has the more of them end so. In the best configuration the value shows what it adds. Choices that bring
/// hyperparameters of their own into being are left to the acquisition: the best configuration has no values for those. Figures: decision 23.
/// </remarks>
internal static class ChoiceSwaps
{
    /// <summary>A value in this part of the trials, the best third, is no stranger to the model.</summary>
    public const int GoodShare = 3;

    private const int FairTrials = 3; // chosen: with two, a choice of three was still given up too soon

    /// <summary>The swap of the largest acquisition to a value with fewer trials than make a fair hearing; null if there is none.</summary>
    /// <param name="layout">The space.</param>
    /// <param name="trials">All finished trials.</param>
    /// <param name="best">The best of them.</param>
    /// <param name="acquisition">How promising points are.</param>
    /// <param name="taken">What has been proposed already.</param>
    public static Configuration? Find(SpaceLayout layout, IReadOnlyList<Observation> trials, Observation best, Acquisition acquisition, HashSet<Configuration> taken)
    {
        Configuration? chosen = null;
        var highest = double.NegativeInfinity;
        var active = new bool[layout.Count];
        double[] value = [0];
        double[] losses = [.. trials.Select(trial => trial.Loss).Where(double.IsFinite).Order()];
        var good = losses.Length > 0 ? losses[losses.Length / GoodShare] : double.NegativeInfinity;
        for (var j = 0; j < layout.Count; j++)
        {
            if (layout[j].Encoded is not { IsOrdered: false, Levels: > 1 and var levels } encoded || !best.Active[j] || layout.HasChildren(j)) continue;
            for (long level = 0; level < levels; level++)
            {
                var unit = (double[])best.Unit.Clone();
                unit[j] = encoded.UnitOfLevel(level);
                if (Hearings(trials, j, unit[j], good) >= FairTrials) continue;
                layout.Settle(unit, active);
                acquisition.Evaluate(unit, active, value);
                if (!(value[0] > highest) || layout.Decode(unit) is var configuration && taken.Contains(configuration)) continue;
                (chosen, highest) = (layout.Decode(unit), value[0]);
            }
        }

        return chosen;
    }

    private static int Hearings(IReadOnlyList<Observation> trials, int dimension, double unit, double good)
    {
        var count = 0;
        foreach (var trial in trials)
        {
            if (trial.Active[dimension] && trial.Unit[dimension] == unit) count += trial.Loss <= good ? FairTrials : 1;
        }

        return count;
    }
}
