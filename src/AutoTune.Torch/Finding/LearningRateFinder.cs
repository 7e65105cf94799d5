using System.Collections.Immutable;
using System.Globalization;
using AutoTune.Torch;
using AutoTune.Torch.Finding;
using AutoTune.Torch.Training;
using TorchSharp;
using TorchSharp.Modules;

namespace AutoTune;

/// <summary>The learning-rate range test: trains for some batches at rates that grow from step to step, and looks where the loss falls and where it bursts.</summary>
/// <remarks>
/// Sources: Smith 2017, "Cyclical learning rates for training neural networks", section 3.3; rates that grow by a factor, the smoothed loss and the rules as in
/// fastai (Howard and Gugger 2020, "fastai: a layered API for deep learning", section 3). A call of its own, before a study: its result narrows a range.
/// </remarks>
public static class LearningRateFinder
{
    /// <summary>Tests learning rates. Network, gradients, optimizer and libtorch's random state are afterwards as they were.</summary>
    /// <param name="net">The network; its weights, buffers and mode are given back.</param>
    /// <param name="optimizer">An optimizer of its parameters. Groups keep the proportions of their initial rates; the rate that is tested is the largest.</param>
    /// <param name="loss">Computes the training loss, a scalar, of the batch of this number, counted from 0.</param>
    /// <param name="options">The rates, steps and rule; null: the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range, the optimizer finds its own rate or trains nothing, or the loss is no scalar that depends on what is trained.</exception>
    public static LearningRateCurve Find(torch.nn.Module net, OptimizerHelper optimizer, Func<int, torch.Tensor> loss, LearningRateFinderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(loss);
        options ??= new LearningRateFinderOptions();
        options.Check();
        if (!optimizer.parameters().Any(parameter => parameter.requires_grad)) throw new ArgumentException("The optimizer has no parameters to train, or all are frozen; make it of net.parameters().", nameof(optimizer));
        if (optimizer is Prodigy or Dog) throw new ArgumentException($"{optimizer.GetType().Name} finds its learning rate itself; a range test is for optimizers that are given one.", nameof(optimizer));
        using var snapshot = new TrainingSnapshot(net, optimizer);
        try
        {
            net.train();
            return Test(optimizer, loss, options);
        }
        finally
        {
            snapshot.Restore();
        }
    }

    private static LearningRateCurve Test(OptimizerHelper optimizer, Func<int, torch.Tensor> loss, LearningRateFinderOptions options)
    {
        var points = ImmutableArray.CreateBuilder<LearningRatePoint>();
        var largest = optimizer.ParamGroups.Max(group => group.InitialLearningRate);
        double mean = 0, lowest = double.PositiveInfinity;
        string Ended(string why) => string.Create(CultureInfo.InvariantCulture, $"the test ended after {points.Count} of {options.Steps} steps, {why}");
        for (var step = 0; step < options.Steps; step++)
        {
            using var scope = torch.NewDisposeScope();
            var rate = options.Low * Math.Pow(options.High / options.Low, step / (options.Steps - 1.0));
            foreach (var group in optimizer.ParamGroups) group.LearningRate = largest > 0 ? rate * group.InitialLearningRate / largest : rate;
            var batch = loss(step);
            ScalarLoss.Demand(batch);
            var value = batch.to(torch.ScalarType.Float64).item<double>();
            if (!double.IsFinite(value)) return points.Count > 0
                ? new LearningRateCurve(points.ToImmutable(), options.Rule, Ended("where the loss was no longer finite"))
                : throw new ArgumentException($"The loss of a range test's first batch is {value.ToString(CultureInfo.InvariantCulture)}, before any step; look at the data and the network.", nameof(loss));
            mean = options.Smoothing * mean + (1 - options.Smoothing) * value;
            var smoothed = mean / (1 - Math.Pow(options.Smoothing, step + 1));
            points.Add(new LearningRatePoint(rate, value, smoothed));
            lowest = Math.Min(lowest, smoothed);
            if (smoothed > options.EndAt * lowest && lowest > 0) return new LearningRateCurve(points.ToImmutable(), options.Rule, Ended(string.Create(CultureInfo.InvariantCulture, $"where the smoothed loss was {options.EndAt:g2} times the lowest")));
            optimizer.zero_grad();
            batch.backward();
            optimizer.step();
        }

        return new LearningRateCurve(points.ToImmutable(), options.Rule, Ended("at the last rate"));
    }
}
