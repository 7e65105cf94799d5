using AutoTune.Tuners.Trees;

namespace AutoTune.Tuners.QuantileBoosting;

/// <summary>Quantiles of the loss that hold on trials that they were not learnt from: conformalised quantile regression, by folds.</summary>
/// <remarks>
/// <code>
/// K            folds; row i is in fold i mod K, and ensemble k has not seen fold k
/// q_l          quantiles by one of the ensembles, in order
/// e_i          max(q_lo(x_i) - y_i, y_i - q_hi(x_i)) by the ensemble that has not seen row i: how far outside the interval it lies
/// correction   of the n e_i the one of rank (n + 1) (a_hi - a_lo): q_lo less it, q_hi plus it
/// </code>
/// Romano and others 2019, equations 6 to 8, with the cross-conformal scores of Vovk 2015: in a study every trial is dear, and a share set
/// aside is not learnt from. Below 32 trials there is no correction (Salinas and others 2023). Immutable once made.
/// </remarks>
internal sealed class ConformalQuantiles
{
    public const int Folds = 5;
    private const int LeastToCorrect = 32;
    private const int Depth = 3;
    private readonly QuantileEnsemble[] _ensembles = new QuantileEnsemble[Folds];
    private readonly double[] _corrections = new double[QuantileEnsemble.Levels.Length];

    /// <summary>Learns.</summary>
    /// <param name="columns">What the columns are.</param>
    /// <param name="rows">The rows (n).</param>
    /// <param name="numbers">The number of each row's trial, which says its fold (n).</param>
    /// <param name="targets">The warped losses (n).</param>
    /// <param name="options">How many trees.</param>
    /// <param name="random">The randomness.</param>
    public ConformalQuantiles(TreeColumns columns, IReadOnlyList<double[]> rows, IReadOnlyList<int> numbers, double[] targets,
        QuantileBoostingOptions options, RandomSource random)
    {
        var grower = new TreeGrower(new TreeTable(columns, rows), new TreeShape(Depth, 2, 1, 1));
        for (var k = 0; k < Folds; k++)
        {
            bool[] counts = [.. numbers.Select(number => number % Folds != k)];
            if (!counts.Contains(true)) Array.Fill(counts, true);
            _ensembles[k] = new QuantileEnsemble(rows, grower, targets, counts, options, random.Fork("fold", k));
        }

        if (rows.Count < LeastToCorrect) return;
        var levels = _corrections.Length;
        var outside = new double[levels / 2][];
        for (var pair = 0; pair < outside.Length; pair++) outside[pair] = new double[rows.Count];
        var quantiles = new double[levels];
        for (var i = 0; i < rows.Count; i++)
        {
            LeftOut(rows[i], numbers[i], quantiles);
            for (var pair = 0; pair < outside.Length; pair++)
                outside[pair][i] = Math.Max(quantiles[pair] - targets[i], targets[i] - quantiles[levels - 1 - pair]);
        }

        for (var pair = 0; pair < outside.Length; pair++)
        {
            Array.Sort(outside[pair]);
            var width = QuantileEnsemble.Levels[levels - 1 - pair] - QuantileEnsemble.Levels[pair];
            var rank = Math.Min((int)Math.Ceiling((rows.Count + 1) * width), rows.Count);
            _corrections[pair] = -outside[pair][rank - 1];
            _corrections[levels - 1 - pair] = outside[pair][rank - 1];
        }
    }

    /// <summary>The corrected quantiles at a point (L), in ascending order.</summary>
    /// <param name="fold">The ensemble that is asked.</param>
    /// <param name="row">The point's columns (c).</param>
    /// <param name="quantiles">Receives the quantiles.</param>
    public void Predict(int fold, ReadOnlySpan<double> row, Span<double> quantiles)
    {
        quantiles.Clear();
        _ensembles[fold].AddTo(row, quantiles);
        for (var l = 0; l < quantiles.Length; l++) quantiles[l] += _corrections[l];
        quantiles.Sort();
    }

    /// <summary>The quantiles at a trial (L), uncorrected, by the ensemble that has not seen it.</summary>
    public void LeftOut(ReadOnlySpan<double> row, int number, Span<double> quantiles)
    {
        quantiles.Clear();
        _ensembles[number % Folds].AddTo(row, quantiles);
        quantiles.Sort();
    }
}
