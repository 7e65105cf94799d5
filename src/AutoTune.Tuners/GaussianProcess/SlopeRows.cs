namespace AutoTune.Tuners.GaussianProcess;

/// <summary>Derivatives that a surrogate learns from, beside the losses: a row of the covariance matrix each, after those of the losses.</summary>
/// <remarks>
/// <code>
/// trial     of which point it is the derivative
/// target    d target / d coordinate = d target / d loss times d loss / d coordinate
/// v         its direction in the kernel's columns: at most two are not zero, c1 and c2, with the factors f1 and f2
/// </code>
/// A system of n losses and m derivatives costs the cube of n + m, so not all are taken: those of the best trials first, all of a trial or none, up
/// to a limit. What is gained is found near the best, and the wide view needs slopes where it looks up close, too (decision 29). Immutable.
/// </remarks>
internal sealed class SlopeRows
{
    private SlopeRows(List<Row> rows) => Rows = [.. rows];

    /// <summary>The derivatives (m), by trial and then by hyperparameter.</summary>
    public Row[] Rows { get; }

    /// <summary>The derivatives that are worth their cost; null if there are none.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="observations">The trials (n).</param>
    /// <param name="targets">Their warped losses (n).</param>
    /// <param name="steepness">d target / d loss for each (n); NaN where the warp has no slope.</param>
    /// <param name="limit">How many derivatives may be taken.</param>
    public static SlopeRows? Of(SpaceLayout layout, IReadOnlyList<Observation> observations, double[] targets, double[] steepness, int limit)
    {
        var order = new List<int>(targets.Length);
        for (var i = 0; i < targets.Length; i++)
        {
            if (observations[i] is { IsFinal: true, Gradient.Length: > 0 } && double.IsFinite(steepness[i])) order.Add(i);
        }

        order.Sort((a, b) => (!observations[a].MeetsRequirements, targets[a], a).CompareTo((!observations[b].MeetsRequirements, targets[b], b)));
        var rows = new List<Row>();
        foreach (var i in order)
        {
            var (gradient, before) = (observations[i].Gradient, rows.Count);
            for (var j = 0; j < gradient.Length; j++)
            {
                if (layout[j] is not { Column: >= 0, Encoded: { IsOrdered: true, Levels: null } }) continue;
                var target = steepness[i] * gradient[j];
                if (double.IsFinite(target)) rows.Add(new Row(i, target, layout.Direction(j, observations[i].Unit)));
            }

            if (rows.Count <= limit) continue;
            rows.RemoveRange(before, rows.Count - before);
            break;
        }

        if (rows.Count == 0) return null;
        rows.Sort((a, b) => (a.Trial, a.Direction.First).CompareTo((b.Trial, b.Direction.First)));
        return new SlopeRows(rows);
    }

    /// <summary>A derivative.</summary>
    internal readonly record struct Row(int Trial, double Target, Direction Direction);
}

/// <summary>The derivative of the kernel's columns by a coordinate.</summary>
/// <param name="First">A column that moves with it.</param>
/// <param name="Factor">By how much.</param>
/// <param name="Second">The other column, of a hyperparameter that lies on an arc; -1: none.</param>
/// <param name="SecondFactor">By how much that moves.</param>
internal readonly record struct Direction(int First, double Factor, int Second, double SecondFactor);
