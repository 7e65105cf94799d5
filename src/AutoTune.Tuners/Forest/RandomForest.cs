using AutoTune.Spaces;
using AutoTune.Tuners.Trees;

namespace AutoTune.Tuners.Forest;

/// <summary>A random forest: mean and variance of the warped loss at any point.</summary>
/// <remarks>
/// <code>
/// n, T        rows, trees
/// w_ti        how often row i counts in tree t: Poisson distributed, the bootstrap of rows that come one by one (Oza 2005)
/// m_t, v_t    mean and variance of a tree's leaf
/// mean        average of m_t
/// variance    average of v_t + m_t^2, less mean^2: the law of total variance               (Hutter and others 2014, section 4.3.2)
/// </code>
/// The trees keep their questions while rows are added: these fall into the leaves. Breiman 2001. Not thread-safe.
/// </remarks>
internal sealed class RandomForest
{
    private const double ColumnShare = 5.0 / 6; // SMAC's for choices
    private const int MostDraws = 10; // of one row in one tree: more have a probability of 1e-8
    private readonly RegressionTree[] _trees;
    private readonly int[][] _leafOf; // by tree: the leaf of each row
    private readonly int[][] _weights;
    private readonly double[][] _means, _variances;
    private readonly RandomSource[] _draws;
    private readonly double _rate;

    /// <summary>Grows the trees.</summary>
    /// <param name="table">The rows (n).</param>
    /// <param name="targets">Their warped losses (n).</param>
    /// <param name="options">How many trees and of what shape.</param>
    /// <param name="random">Randomness for the study: the same rows count in the same trees whenever it grows.</param>
    public RandomForest(TreeTable table, double[] targets, ForestOptions options, RandomSource random)
    {
        var size = options.Trees;
        _trees = new RegressionTree[size];
        _leafOf = new int[size][];
        _weights = new int[size][];
        _means = new double[size][];
        _variances = new double[size][];
        _draws = new RandomSource[size];
        _rate = Math.Min(1, (double)options.MaxTrialsPerTree / table.Count);
        var grower = new TreeGrower(table, new TreeShape(int.MaxValue, 2, 1, ColumnShare));
        for (var t = 0; t < size; t++)
        {
            _draws[t] = random.Fork("bootstrap", t);
            _weights[t] = [];
            Draw(t, table.Count);
            if (Array.TrueForAll(_weights[t], weight => weight == 0)) Array.Fill(_weights[t], 1);
            _trees[t] = grower.Grow(targets, _weights[t], random.Fork("grow", t).Fork("rows", table.Count));
            _leafOf[t] = [];
        }
    }

    /// <summary>Sorts all rows into the leaves.</summary>
    /// <param name="rows">Those that the trees were grown on and those that came since (n).</param>
    /// <param name="targets">Their warped losses (n).</param>
    public void Fill(IReadOnlyList<double[]> rows, double[] targets)
    {
        for (var t = 0; t < _trees.Length; t++)
        {
            Draw(t, rows.Count);
            var known = _leafOf[t].Length;
            Array.Resize(ref _leafOf[t], rows.Count);
            for (var i = known; i < rows.Count; i++) _leafOf[t][i] = _trees[t].LeafOf(rows[i]);
            Summarize(t, targets);
        }
    }

    /// <summary>Mean and variance at a point.</summary>
    /// <param name="row">The point's columns (c).</param>
    /// <param name="trees">The trees that are asked.</param>
    public (double Mean, double Variance) Predict(ReadOnlySpan<double> row, ReadOnlySpan<int> trees)
    {
        double sum = 0, squares = 0;
        foreach (var t in trees)
        {
            var leaf = _trees[t].LeafOf(row);
            var mean = _means[t][leaf];
            sum += mean;
            squares += _variances[t][leaf] + mean * mean;
        }

        var average = sum / trees.Length;
        return (average, Math.Max(0, squares / trees.Length - average * average));
    }

    /// <summary>The mean at a row by the trees that it does not count in; NaN if it counts in all.</summary>
    public double OutOfBag(int row)
    {
        var sum = 0.0;
        var trees = 0;
        for (var t = 0; t < _trees.Length; t++)
        {
            if (_weights[t][row] > 0) continue;
            sum += _means[t][_leafOf[t][row]];
            trees++;
        }

        return trees == 0 ? double.NaN : sum / trees;
    }

    /// <summary>The mean at a known row.</summary>
    public double MeanAt(int row, ReadOnlySpan<int> trees)
    {
        var sum = 0.0;
        foreach (var t in trees) sum += _means[t][_leafOf[t][row]];
        return sum / trees.Length;
    }

    /// <summary>How many trees there are (T).</summary>
    public int Trees => _trees.Length;

    /// <summary>What one tree says of a point.</summary>
    public (double Mean, double Variance) LeafAt(int tree, ReadOnlySpan<double> row)
    {
        var leaf = _trees[tree].LeafOf(row);
        return (_means[tree][leaf], _variances[tree][leaf]);
    }

    public RegressionTree Tree(int tree) => _trees[tree];

    private void Draw(int tree, int count)
    {
        var known = _weights[tree].Length;
        if (count <= known) return;
        Array.Resize(ref _weights[tree], count);
        var none = PortableMath.Exp(-_rate);
        for (var i = known; i < count; i++)
        {
            // By inversion, one number a row.
            var rest = _draws[tree].NextDouble();
            var weight = 0;
            for (var p = none; rest >= p && weight < MostDraws; p *= _rate / weight)
            {
                rest -= p;
                weight++;
            }

            _weights[tree][i] = weight;
        }
    }

    private void Summarize(int tree, double[] targets)
    {
        var leaves = _trees[tree].Leaves;
        double[] weights = new double[leaves], means = new double[leaves], variances = new double[leaves];
        for (var i = 0; i < targets.Length; i++)
        {
            if (_weights[tree][i] == 0) continue;
            weights[_leafOf[tree][i]] += _weights[tree][i];
            means[_leafOf[tree][i]] += _weights[tree][i] * targets[i];
        }

        for (var leaf = 0; leaf < leaves; leaf++) means[leaf] /= Math.Max(weights[leaf], 1);
        for (var i = 0; i < targets.Length; i++)
        {
            var apart = targets[i] - means[_leafOf[tree][i]];
            variances[_leafOf[tree][i]] += _weights[tree][i] * apart * apart;
        }

        for (var leaf = 0; leaf < leaves; leaf++) variances[leaf] /= Math.Max(weights[leaf], 1);
        _means[tree] = means;
        _variances[tree] = variances;
    }
}
