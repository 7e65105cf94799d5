namespace AutoTune.Tuners.GaussianProcess;

/// <summary>Which branch of a conditional space has been looked at too little to be given up.</summary>
/// <remarks>
/// A branch that brings many hyperparameters of its own is seldom good where they were first looked at, and the model, to which it looks poor from there,
/// does not come back while another still improves. So it is heard: proposals that are the most promising within the branch, until it has had as many trials as
/// hyperparameters of its own, or one that is among the better third of all. Figures: decision 23.
/// </remarks>
internal static class BranchHearing
{
    /// <summary>The choice of the branch that has had the fewest trials for its hyperparameters; null if every one was heard.</summary>
    /// <param name="layout">The space.</param>
    /// <param name="trials">All trials, those that are on their way among them.</param>
    /// <param name="best">The best of them.</param>
    public static HeldChoice? Find(SpaceLayout layout, IReadOnlyCollection<Observation> trials, Observation best)
    {
        double[] losses = [.. trials.Select(trial => trial.Loss).Where(double.IsFinite).Order()];
        var good = losses.Length > 0 ? losses[(losses.Length - 1) / ChoiceSwaps.GoodShare] : double.NegativeInfinity;
        HeldChoice? chosen = null;
        var least = 1.0;
        var active = new bool[layout.Count];
        for (var j = 0; j < layout.Count; j++)
        {
            if (layout[j].Encoded is not { IsOrdered: false, Levels: > 1 and var levels } encoded || !best.Active[j] || !layout.HasChildren(j)) continue;
            for (long level = 0; level < levels; level++)
            {
                var branch = HeldChoice.At(layout, best, j, encoded.UnitOfLevel(level));
                if (branch.IsMadeBy(best)) continue;
                var unit = (double[])best.Unit.Clone();
                branch.Set(unit);
                layout.Settle(unit, active);
                List<Observation> own = [.. trials.Where(branch.IsMadeBy)];
                var share = own.Count / (double)layout.DependentsOf(j, active); // no hyperparameters: infinite, or not a number
                if (!(share < least) || own.Exists(trial => trial.Loss <= good)) continue;
                (chosen, least) = (branch, share);
            }
        }

        return chosen;
    }
}
