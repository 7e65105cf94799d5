using AutoTune.Tuners.GaussianProcess;

namespace AutoTune.Tuners.Forest;

/// <summary>How promising points are to a forest: log expected improvement, pending trials considered.</summary>
/// <remarks>
/// Two points are alike as often as the trees put them into one leaf (Breiman's proximity). What a point shares with a pending trial will
/// be known without it: its deviation shrinks by that share, and what is expected of pending trials is there to be improved on.
/// </remarks>
internal sealed class ForestAcquisition
{
    private const double LeastDeviation = 1e-5; // of targets with variance 1: keeps the order of means where all trees agree
    private readonly RandomForest _forest;
    private readonly int[] _trees;
    private readonly double _best;
    private readonly bool[][] _isPending; // by tree asked, by leaf

    /// <summary>An acquisition.</summary>
    /// <param name="forest">The model.</param>
    /// <param name="trees">The trees that are asked.</param>
    /// <param name="best">The warped loss to improve on.</param>
    /// <param name="pending">The rows of pending trials (p c).</param>
    public ForestAcquisition(RandomForest forest, int[] trees, double best, double[][] pending)
    {
        _forest = forest;
        _trees = trees;
        _isPending = [];
        if (pending.Length > 0)
        {
            _isPending = new bool[trees.Length][];
            for (var t = 0; t < trees.Length; t++)
            {
                _isPending[t] = new bool[forest.Tree(trees[t]).Leaves];
                foreach (var row in pending) _isPending[t][forest.Tree(trees[t]).LeafOf(row)] = true;
            }

            foreach (var row in pending) best = Math.Min(best, forest.Predict(row, trees).Mean);
        }

        _best = best;
    }

    /// <summary>The log expected improvement of a row.</summary>
    public double Value(ReadOnlySpan<double> row)
    {
        var (mean, variance) = _forest.Predict(row, _trees);
        var deviation = Math.Sqrt(variance);
        if (_isPending.Length > 0) deviation *= 1 - PendingShare(row);
        return LogExpectedImprovement.Value(mean, Math.Max(deviation, LeastDeviation), _best);
    }

    private double PendingShare(ReadOnlySpan<double> row)
    {
        var shared = 0;
        for (var t = 0; t < _isPending.Length; t++)
        {
            if (_isPending[t][_forest.Tree(_trees[t]).LeafOf(row)]) shared++;
        }

        return (double)shared / _isPending.Length;
    }
}
