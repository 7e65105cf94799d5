using AutoTune.Spaces;

namespace AutoTune.Tuners.CmaEs;

/// <summary>Choices without order: a probability for each value, which follows what the better half of a generation chose.</summary>
/// <remarks>
/// <code>
/// q       probabilities of a choice's K values                                            K
/// w       positive weights of the generation's ranks, sum 1
/// rate    muEff / (muEff + K)
/// </code>
/// q += rate sum over i of w_i (chosen_i - q), over the trials in which the choice exists: the natural gradient of CatCMA (Hamano and
/// others 2024). Its adaptive rate needs more generations than tuning has; this one was chosen so that it takes some three
/// generations to decide between few values, longer between many; slower ones did no better
/// on recorded problems. No probability falls below CatCMA's margin
/// (1 - 0.73^(1 / choices)) / (K - 1), so that no value is ever lost.
/// </remarks>
internal sealed class ChoiceSearch
{
    private readonly double[][] _probabilities;

    public ChoiceSearch(CmaLayout layout)
    {
        _probabilities = new double[layout.Choices][];
        for (var c = 0; c < _probabilities.Length; c++)
        {
            _probabilities[c] = new double[layout.Levels(c)];
            Array.Fill(_probabilities[c], 1.0 / _probabilities[c].Length);
        }
    }

    public double Probability(int choice, int level) => _probabilities[choice][level];

    /// <summary>Draws a value number for every choice.</summary>
    public void Draw(RandomSource random, Span<int> levels)
    {
        for (var c = 0; c < levels.Length; c++)
        {
            var rest = random.NextDouble();
            var level = 0;
            while (level < _probabilities[c].Length - 1 && (rest -= _probabilities[c][level]) >= 0) level++;
            levels[c] = level;
        }
    }

    /// <summary>Learns from a generation.</summary>
    /// <param name="trials">The generation.</param>
    /// <param name="weights">Their weights; negative ones count as 0.</param>
    /// <param name="muEff">The selection mass of the weights.</param>
    public void Update(IReadOnlyList<ToldTrial> trials, ReadOnlySpan<double> weights, double muEff)
    {
        for (var c = 0; c < _probabilities.Length; c++)
        {
            var q = _probabilities[c];
            var rate = muEff / (muEff + q.Length);
            var mass = 0.0;
            var step = new double[q.Length];
            for (var i = 0; i < trials.Count; i++)
            {
                if (trials[i].Levels[c] < 0 || weights[i] <= 0) continue;
                mass += weights[i];
                step[trials[i].Levels[c]] += weights[i];
            }

            for (var k = 0; k < q.Length; k++) q[k] += rate * (step[k] - mass * q[k]);
            KeepMargin(q);
        }
    }

    private void KeepMargin(double[] q)
    {
        var kept = 1 - PortableMath.Exp(PortableMath.Log(0.73) / _probabilities.Length);
        var least = Math.Min(kept / (q.Length - 1), 1.0 / q.Length);
        // What is lifted to the margin is taken from the others in proportion to what they have above it.
        double lifted = 0, above = 0;
        for (var k = 0; k < q.Length; k++)
        {
            lifted += Math.Max(0, least - q[k]);
            above += Math.Max(0, q[k] - least);
        }

        for (var k = 0; k < q.Length; k++) q[k] = least + Math.Max(0, q[k] - least) * (above > 0 ? Math.Max(0, 1 - lifted / above) : 0);
        var sum = 0.0;
        foreach (var probability in q) sum += probability;
        for (var k = 0; k < q.Length; k++) q[k] /= sum;
    }
}
