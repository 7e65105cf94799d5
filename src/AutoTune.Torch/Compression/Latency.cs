using System.Globalization;
using TorchSharp;

namespace AutoTune;

/// <summary>How long a network takes for an input: the median of repeated runs, a measurement of this machine and moment.</summary>
/// <param name="Median">Half of the runs took no longer.</param>
/// <param name="LowerQuartile">A quarter of the runs took no longer.</param>
/// <param name="UpperQuartile">Three quarters of the runs took no longer.</param>
/// <param name="Repeats">How many runs were measured.</param>
/// <remarks>
/// Immutable and thread-safe. A tuner that is told of it sees its noise: trials that run side by side slow each other down, so measure with one slot, or
/// require a limit with some room: <c>study.Require("latency", atMost: 2)</c> with <c>TrialValues.With("latency", latency.Milliseconds)</c>.
/// </remarks>
public sealed record Latency(TimeSpan Median, TimeSpan LowerQuartile, TimeSpan UpperQuartile, int Repeats)
{
    /// <summary>The median in milliseconds.</summary>
    public double Milliseconds => Median.TotalMilliseconds;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Milliseconds:G3} ms (quartiles {LowerQuartile.TotalMilliseconds:G3} and {UpperQuartile.TotalMilliseconds:G3}, {Repeats} runs)");

    /// <summary>Measures a network in evaluation mode, without gradients, on the device of the input; its mode is given back.</summary>
    /// <param name="net">The network, on the input's device.</param>
    /// <param name="input">The input: of the batch size that is used later, as a larger one hides the costs of each call.</param>
    /// <param name="repeats">How many runs are measured, at least 1.</param>
    /// <param name="warmUp">How many runs go before them, at least 0.</param>
    /// <param name="time">The clock; null: the system's.</param>
    public static Latency Of(torch.nn.Module<torch.Tensor, torch.Tensor> net, torch.Tensor input, int repeats = 50, int warmUp = 5, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(warmUp);
        time ??= TimeProvider.System;
        var wasTraining = net.training;
        net.eval();
        try
        {
            using var none = torch.no_grad();
            var times = new TimeSpan[repeats];
            for (var run = -warmUp; run < repeats; run++)
            {
                using var scope = torch.NewDisposeScope();
                var start = time.GetTimestamp();
                net.call(input);
                if (input.device_type == DeviceType.CUDA) torch.cuda.synchronize(input.device);
                var elapsed = time.GetElapsedTime(start);
                if (run >= 0) times[run] = elapsed;
            }

            Array.Sort(times);
            return new Latency(times[(repeats - 1) / 2], times[(repeats - 1) / 4], times[3 * (repeats - 1) / 4], repeats);
        }
        finally
        {
            net.train(wasTraining);
        }
    }
}
