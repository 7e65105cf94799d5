using AutoTune.Tuners.Racing;

namespace AutoTune.Quality.Racing;

/// <summary>How the repeats of simulated trials differ, beyond what trial and repeat explain.</summary>
internal enum RepeatNoise
{
    /// <summary>Normal, equally for all trials.</summary>
    Normal,

    /// <summary>Normal, with a deviation a trial: log-normal about the common one, by a factor of 1.6 either way.</summary>
    Unequal,

    /// <summary>Student's t with three degrees of freedom: now and then far out.</summary>
    HeavyTailed,

    /// <summary>Exponential: a long tail to the bad side.</summary>
    Skewed,
}

/// <summary>A study of trials that all report the mean over the same repeats: what each would report if nobody stopped it.</summary>
/// <param name="Means">A row a trial: the mean after each repeat.</param>
/// <param name="Truths">The true mean of each trial.</param>
/// <param name="WinnerOfStudy">The trial with the lowest mean over all repeats.</param>
/// <param name="WinnerInTruth">The trial with the lowest true mean.</param>
internal sealed record SimulatedStudy(double[][] Means, double[] Truths, int WinnerOfStudy, int WinnerInTruth)
{
    /// <summary>Draws one.</summary>
    /// <param name="random">Its randomness.</param>
    /// <param name="trials">How many trials.</param>
    /// <param name="repeats">How many repeats.</param>
    /// <param name="noise">How repeats differ.</param>
    /// <param name="spread">How far true means are apart: the deviation of half a normal law, in deviations of a repeat; 0: all equal.</param>
    public static SimulatedStudy Draw(RandomSource random, int trials, int repeats, RepeatNoise noise, double spread)
    {
        var means = new double[trials][];
        double[] ofRepeat = new double[repeats], truths = new double[trials];
        for (var j = 0; j < repeats; j++) ofRepeat[j] = 2 * random.NextGaussian();
        int ofStudy = 0, inTruth = random.NextInt(trials);
        var lowest = spread == 0 ? double.NegativeInfinity : double.PositiveInfinity;
        for (var t = 0; t < trials; t++)
        {
            var truth = truths[t] = spread * Math.Abs(random.NextGaussian());
            var deviation = noise == RepeatNoise.Unequal ? Math.Exp(0.5 * random.NextGaussian()) : 1;
            means[t] = new double[repeats];
            var sum = 0.0;
            for (var j = 0; j < repeats; j++)
            {
                sum += truth + ofRepeat[j] + deviation * Next(random, noise);
                means[t][j] = sum / (j + 1);
            }

            if (means[t][^1] < means[ofStudy][^1]) ofStudy = t;
            if (truth < lowest) (lowest, inTruth) = (truth, t);
        }

        return new SimulatedStudy(means, truths, ofStudy, inTruth);
    }

    /// <summary>Runs it, a trial at a time, with a rule that may stop trials.</summary>
    /// <returns>Whether each winner was stopped, where no completed trial came within the rule's margin of it, and the share of repeats that were saved.</returns>
    public (bool LostWinnerOfStudy, bool LostWinnerInTruth, double Saved) Run(IRacingRule rule)
    {
        var repeats = Means[0].Length;
        bool lostOfStudy = false, lostInTruth = false;
        double best = double.PositiveInfinity, bestTruth = double.PositiveInfinity;
        var spent = 0;
        for (var t = 0; t < Means.Length; t++)
        {
            var k = 1;
            double? margin = null;
            while (k < repeats && (margin = rule.Stops(Means[t].AsSpan(0, k))) is null) k++;
            spent += k;
            if (margin is null)
            {
                rule.Complete(t, Means[t]);
                best = Math.Min(best, Means[t][^1]);
                bestTruth = Math.Min(bestTruth, Truths[t]);
                continue;
            }

            lostOfStudy |= t == WinnerOfStudy && best - Means[t][^1] >= margin;
            lostInTruth |= t == WinnerInTruth && bestTruth - Truths[t] >= margin;
        }

        return (lostOfStudy, lostInTruth, 1 - spent / (double)(repeats * Means.Length));
    }

    private static double Next(RandomSource random, RepeatNoise noise)
    {
        switch (noise)
        {
            case RepeatNoise.HeavyTailed:
                double a = random.NextGaussian(), b = random.NextGaussian(), c = random.NextGaussian();
                return random.NextGaussian() / Math.Sqrt(a * a + b * b + c * c); // variance 1: t over root of 3
            case RepeatNoise.Skewed:
                return -Math.Log(1 - random.NextDouble()) - 1;
            default:
                return random.NextGaussian();
        }
    }
}

/// <summary>A rule that stops trials by their means so far.</summary>
internal interface IRacingRule
{
    /// <summary>Whether the trial with these means so far is to be stopped: by how much it may have been better than the best all the same; null: it goes on.</summary>
    double? Stops(ReadOnlySpan<double> means);

    /// <summary>Takes a trial that ran to its end.</summary>
    void Complete(int trial, double[] means);
}

/// <summary>The rule of <c>UseRacing</c>.</summary>
internal sealed class RaceRule(RacingOptions options, int repeats) : IRacingRule
{
    private readonly Race _race = new(options);
    private readonly int[] _steps = [.. Enumerable.Range(1, repeats)];

    public double? Stops(ReadOnlySpan<double> means) => _race.Judge(_steps.AsSpan(0, means.Length), means)?.Margin;

    public void Complete(int trial, double[] means) => _race.Complete(new TrialId(trial), _steps, means);
}
