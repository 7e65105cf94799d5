using System.Runtime.InteropServices;
using AutoTune.Spaces;

namespace AutoTune.Torch.Control;

/// <summary>The signs of a training that a controller goes by: numbers of the order of one that do not depend on the network, the data or the loss's unit.</summary>
/// <remarks>
/// <code>
/// between two decisions   l the mean of the losses, s their deviation;   steps measured as StepMeasure says;   f the schedule's factor
/// after an epoch          v the validation loss, t the mean training loss of the epoch
/// mean_b(x)               an exponential mean with weight b for the new one
/// q(x, u)                 x / (|x| + u), so from -1 to 1
///  0 progress    2 p - 1 for the share p of the training that is behind
///  1 slope       q(mean_.5(log l_before - log l), .05)
///  2 slow slope  q(mean_.2(log l_before - log l), .02)
///  3 noise       (log10 mean_.3(s / l) + 1) / 2
///  4 excess      q(log(l / the lowest l), .1)
///  5 learnt      q(log(l / the first l), 1)
///  6 length      (log10 mean_.5(Length / f) + 2.5) / 1.5
///  7 agreement   log2 mean_.5(Agreement) / 2
///  8 course      3 mean_.5(Course)
///  9 gradient    q(log(Gradient / mean_.2(Gradient)), .5)
/// 10 gap         q(log(v / t), .5);  0 before the first v
/// 11 trend       q(log(v / the lowest v before), .1);  0 before the second v
/// </code>
/// All within [-2, 2]. After Xu and others 2019 ("Learning an adaptive learning rate schedule") and Daniel and others 2016 ("Learning step size controllers for robust neural network training"), with
/// logarithms and quotients in the place of their values.
/// </remarks>
internal sealed class TrainingSigns
{
    public const int Count = 12;

    private static readonly string[] Above =
    [
        "the training is near its end", "the loss falls fast", "the loss has been falling", "the loss differs much from batch to batch", "the loss is above its lowest", "the loss is above its first",
        "steps are long for such weights", "the gradients of successive steps agree", "the gradient still points where the last steps went", "gradients have grown",
        "the validation loss is far above the training loss", "the validation loss is above its lowest",
    ];

    private static readonly string[] Below =
    [
        "the training is at its beginning", "the loss rises", "the loss has not been falling", "the loss differs little from batch to batch", "the loss is at its lowest", "the loss is far below its first",
        "steps are short for such weights", "the gradients of successive steps take turns", "the last steps went too far", "gradients have shrunk",
        "the validation loss is not above the training loss", "the validation loss is lower than ever",
    ];

    private Means _means = Means.None;

    /// <summary>All of its state, to be given back later.</summary>
    public Means State { get => _means; set => _means = value; }

    /// <summary>The mean loss between the last two decisions; NaN before.</summary>
    public double Loss => _means.Loss;

    /// <summary>The lowest of them.</summary>
    public double Lowest => _means.Lowest;

    /// <summary>The first of them.</summary>
    public double First => _means.First;

    /// <summary>What a sign says, in words.</summary>
    public static string Words(int sign, double value) => value > 0 ? Above[sign] : Below[sign];

    /// <summary>Takes in the losses since the last decision, whose deviation is NaN where there was one only, and what was measured.</summary>
    public void Add(double loss, double deviation, StepMeasure.Steps? steps, double factor)
    {
        loss = Math.Max(loss, 1e-12);
        if (double.IsNaN(_means.Loss)) (_means.First, _means.Lowest) = (loss, loss);
        else
        {
            var fall = Math.Clamp(PortableMath.Log(_means.Loss / loss), -2, 2);
            _means.Slope += .5 * (fall - _means.Slope);
            _means.SlowSlope += .2 * (fall - _means.SlowSlope);
        }

        if (!double.IsNaN(deviation)) Mean(ref _means.Noise, Math.Max(deviation / loss, 1e-4), .3);
        _means.Loss = loss;
        _means.Lowest = Math.Min(_means.Lowest, loss);
        if (steps is not { } s) return;
        Mean(ref _means.Length, s.Length / Math.Max(factor, 1e-3), .5);
        Mean(ref _means.Agreement, s.Agreement, .5);
        Mean(ref _means.Course, s.Course, .5);
        _means.Gradient = s.Gradient;
        Mean(ref _means.SlowGradient, s.Gradient, .2);
    }

    /// <summary>Takes in what an epoch came to.</summary>
    public void AddEpoch(double validation, double training)
    {
        _means.Trend = double.IsNaN(_means.LowestValidation) ? 0 : PortableMath.Log(Math.Max(validation, 1e-12) / _means.LowestValidation);
        _means.Gap = training > 0 && validation > 0 ? PortableMath.Log(validation / training) : 0;
        _means.LowestValidation = Math.Max(double.IsNaN(_means.LowestValidation) ? validation : Math.Min(_means.LowestValidation, validation), 1e-12);
    }

    /// <summary>The signs now.</summary>
    public double[] Read(double progress)
    {
        double[] signs =
        [
            2 * progress - 1, Squashed(_means.Slope, .05), Squashed(_means.SlowSlope, .02), (Log10(_means.Noise, .1) + 1) / 2,
            Squashed(PortableMath.Log(_means.Loss / _means.Lowest), .1), Squashed(PortableMath.Log(_means.Loss / _means.First), 1),
            (Log10(_means.Length, .003) + 2.5) / 1.5, PortableMath.Log(double.IsNaN(_means.Agreement) ? 1 : _means.Agreement) / (2 * Math.Log(2)), 3 * (double.IsNaN(_means.Course) ? 0 : _means.Course),
            double.IsNaN(_means.Gradient) ? 0 : Squashed(PortableMath.Log(_means.Gradient / _means.SlowGradient), .5), Squashed(_means.Gap, .5), Squashed(_means.Trend, .1),
        ];
        for (var i = 0; i < signs.Length; i++) signs[i] = double.IsNaN(signs[i]) ? 0 : Math.Clamp(signs[i], -2, 2);
        return signs;
    }

    private static void Mean(ref double mean, double value, double weight) => mean = double.IsNaN(mean) ? value : mean + weight * (value - mean);

    private static double Squashed(double x, double unit) => x / (Math.Abs(x) + unit);

    private static double Log10(double x, double otherwise) => PortableMath.Log(double.IsNaN(x) ? otherwise : x) / PortableMath.Log(10);

    /// <summary>Numbers that are carried from decision to decision; NaN: not known yet.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Means
    {
        public double Loss, First, Lowest, Slope, SlowSlope, Noise, Length, Agreement, Course, Gradient, SlowGradient, Gap, Trend, LowestValidation;

        public readonly double[] ToArray() => MemoryMarshal.Cast<Means, double>([this]).ToArray();

        public static Means Of(ReadOnlySpan<double> numbers) => MemoryMarshal.Cast<double, Means>(numbers)[0];

        public static Means None => new()
        {
            Loss = double.NaN, First = double.NaN, Lowest = double.NaN, Noise = double.NaN, Length = double.NaN, Agreement = double.NaN, Course = double.NaN,
            Gradient = double.NaN, SlowGradient = double.NaN, LowestValidation = double.NaN,
        };
    }
}
