using AutoTune.Torch.Schedules;
using TorchSharp;

namespace AutoTune;

/// <summary>How the learning rate changes over a training: by what the optimizer's initial rate is multiplied at each step, a pure function of the step.</summary>
/// <remarks>
/// It has no state: a training that goes on from a checkpoint has the rates it would have had. Steps are counted from 0, over the whole training; after the last
/// the factor stays. With T the number of steps, w the number of warm-up steps (the share of T, rounded) and q = (t - w) / (T - w), where t is the step:
/// a warm-up has factor (t + 1) / (w + 1) at t below w. Immutable and thread-safe.
/// </remarks>
public sealed class LearningRateSchedule
{
    private readonly Func<int, double> _factor;

    private LearningRateSchedule(string name, int totalSteps, Func<int, double> factor)
    {
        if (totalSteps < 1) throw new ArgumentOutOfRangeException(nameof(totalSteps), totalSteps, $"A {name} schedule needs its training's number of steps, at least 1: epochs times batches.");
        (Name, TotalSteps, _factor) = (name, totalSteps, factor);
    }

    /// <summary>The name of its kind, such as "Cosine".</summary>
    public string Name { get; }

    /// <summary>The number of steps of a whole training.</summary>
    public int TotalSteps { get; }

    /// <summary>Factor 1 at each step.</summary>
    /// <param name="totalSteps">The number of steps of a whole training, at least 1.</param>
    public static LearningRateSchedule Constant(int totalSteps) => new(nameof(Constant), totalSteps, _ => 1);

    /// <summary>A warm-up, then factor 1 (Goyal et al. 2017, section 2.2).</summary>
    /// <param name="totalSteps">The number of steps of a whole training, at least 1.</param>
    /// <param name="warmUpShare">The share of steps over which it warms up, from 0 to 1.</param>
    public static LearningRateSchedule WarmUp(int totalSteps, double warmUpShare) => Warm(nameof(WarmUp), totalSteps, warmUpShare, _ => 1);

    /// <summary>A warm-up, then in a line down to the final fraction: 1 - (1 - f) q.</summary>
    /// <param name="totalSteps">The number of steps of a whole training, at least 1.</param>
    /// <param name="warmUpShare">The share of steps over which it warms up, from 0 to 1.</param>
    /// <param name="finalFraction">f, from 0 to 1.</param>
    public static LearningRateSchedule Linear(int totalSteps, double warmUpShare = 0, double finalFraction = 0)
    {
        Check(nameof(finalFraction), finalFraction);
        return Warm(nameof(Linear), totalSteps, warmUpShare, q => 1 - (1 - finalFraction) * q);
    }

    /// <summary>A warm-up, then half a cosine down to the final fraction: f + (1 - f)(1 + cos(pi q)) / 2 (Loshchilov and Hutter 2017, "SGDR", equation 5, without restarts).</summary>
    /// <param name="totalSteps">The number of steps of a whole training, at least 1.</param>
    /// <param name="warmUpShare">The share of steps over which it warms up, from 0 to 1.</param>
    /// <param name="finalFraction">f, from 0 to 1.</param>
    public static LearningRateSchedule Cosine(int totalSteps, double warmUpShare = 0, double finalFraction = 0)
    {
        Check(nameof(finalFraction), finalFraction);
        return Warm(nameof(Cosine), totalSteps, warmUpShare, q => Shapes.Cosine(1, finalFraction, q));
    }

    /// <summary>A warm-up, factor 1, and at the end in a line down to 0 (Hägele et al. 2024, "Scaling laws and compute-optimal training beyond fixed training durations").</summary>
    /// <param name="totalSteps">The number of steps of a whole training, at least 1.</param>
    /// <param name="warmUpShare">The share of steps over which it warms up, from 0 to 1.</param>
    /// <param name="coolDownShare">The share of the steps after the warm-up over which it falls, above 0, at most 1.</param>
    public static LearningRateSchedule Trapezoid(int totalSteps, double warmUpShare = 0, double coolDownShare = .2)
    {
        if (coolDownShare is not (> 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(coolDownShare), coolDownShare, "The cool-down's share of the steps must be above 0 and at most 1.");
        return Warm(nameof(Trapezoid), totalSteps, warmUpShare, q => Math.Min(1, (1 - q) / coolDownShare));
    }

    /// <summary>
    /// One cycle (Smith and Topin 2018, "Super-convergence"): by half a cosine from the initial fraction up to 1, then down to the final one. The peak is at step
    /// peakPosition T - 1, the end at step T - 1, as in PyTorch. The momentum stays as it is.
    /// </summary>
    /// <param name="totalSteps">The number of steps of a whole training, at least 1.</param>
    /// <param name="peakPosition">After which share of the steps the peak is reached, above 0, below 1.</param>
    /// <param name="initialFraction">The factor of the first step, from 0 to 1.</param>
    /// <param name="finalFraction">The factor of the last step, from 0 to 1.</param>
    public static LearningRateSchedule OneCycle(int totalSteps, double peakPosition = .3, double initialFraction = .04, double finalFraction = 4e-6)
    {
        if (peakPosition is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(peakPosition), peakPosition, "The position of the peak must be above 0 and below 1.");
        Check(nameof(initialFraction), initialFraction);
        Check(nameof(finalFraction), finalFraction);
        var (peak, last) = (peakPosition * totalSteps - 1, totalSteps - 1);
        return new LearningRateSchedule(nameof(OneCycle), totalSteps, step => step <= peak && peak > 0
            ? Shapes.Cosine(initialFraction, 1, step / peak)
            : Shapes.Cosine(1, finalFraction, last > 0 ? (Math.Min(step, last) - Math.Max(peak, 0)) / (last - Math.Max(peak, 0)) : 0));
    }

    /// <summary>What a training had.</summary>
    internal static LearningRateSchedule Recorded(int totalSteps, Func<int, double> factor) => new(nameof(Recorded), totalSteps, factor);

    /// <summary>By what the initial learning rate is multiplied at a step.</summary>
    /// <param name="step">The step, counted from 0 over the whole training.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is below 0.</exception>
    public double FactorAt(int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return _factor(step);
    }

    /// <summary>Sets an optimizer's learning rates for a step: each group's is its initial one times <see cref="FactorAt"/>, so that rates of layers keep their proportions.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="step">The step that comes, counted from 0 over the whole training: <c>(epoch - 1) * batches + batch</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is below 0.</exception>
    public void Apply(torch.optim.Optimizer optimizer, int step)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        var factor = FactorAt(step);
        foreach (var group in optimizer.ParamGroups) group.LearningRate = group.InitialLearningRate * factor;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} over {TotalSteps} steps";

    private static LearningRateSchedule Warm(string name, int totalSteps, double share, Func<double, double> after)
    {
        Check(nameof(share), share);
        var warm = (int)Math.Round(share * totalSteps);
        return new LearningRateSchedule(name, totalSteps, step =>
            step < warm ? (step + 1.0) / (warm + 1) : after(totalSteps > warm ? Math.Min(1, (step - warm) / (double)(totalSteps - warm)) : 1));
    }

    private static void Check(string name, double fraction)
    {
        if (fraction is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(name, fraction, "A fraction of a schedule must be from 0 to 1.");
    }
}
