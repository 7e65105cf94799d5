using AutoTune.Spaces;
using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.Online;

/// <summary>Tells when the mean of a series has risen: a self-starting cumulative sum.</summary>
/// <remarks>
/// <code>
/// x[n]     the cube root of the loss of batch n: means of squares are skewed, their cube roots hardly       Wilson and Hilferty 1931
/// mean, s  of the x since the last change, before n
/// t[n]     sqrt((n-1)/n) (x[n] - mean[n-1]) / s[n-1]            Student's t with n - 2 degrees of freedom if x is normal
/// u[n]     the normal deviate with the tail of t[n]: independent standard normal, exactly        Hawkins 1987, "Self-starting cusum charts", section 2
/// up[n]    max(0, up[n-1] + u[n] - k),   down[n] = max(0, down[n-1] - u[n] - k)                  Page 1954; k = 1/2
/// h        alarm when up[n] >= h:  one false alarm in (exp(2 k b) - 2 k b - 1) / (2 k^2) batches, b = h + 1.166    Siegmund 1985, section 2.6
/// </code>
/// The Page-Hinkley test is up[n] with a known mean and unit. Here both are learnt from the series itself, so no threshold is in the unit of the loss. When down[n]
/// reaches h the loss has fallen, as learning lets it: mean and s are then learnt anew, without an alarm; and so they are from the last 16 batches, when those before lie two of their
/// deviations higher, for in the first batches a loss falls by more than any s could tell. u counts up to 3/4 h either way, so that no
/// single batch is a drift, and what is further above is no part of mean and s. Tests hold the false alarms of skewed and heavy-tailed losses, too.
/// </remarks>
internal sealed class DriftMonitor
{
    private const double Allowance = 0.5; // k: the rise of one deviation is found fastest
    private const double Largest = 0.75; // of h
    private const int Least = 4; // batches before the first t: three degrees of freedom
    private const int Recent = 16;
    private const double FarAbove = 2; // deviations of one batch: chance brings a sixth of that
    private readonly Queue<double> _recent = new(); // losses
    private readonly double _threshold;
    private long _count, _upCount;
    private double _mean, _square, _up, _down, _sum, _upSum;

    /// <param name="batchesPerFalseAlarm">How many batches a false alarm may come in on average.</param>
    public DriftMonitor(double batchesPerFalseAlarm) => _threshold = ThresholdOf(batchesPerFalseAlarm);

    /// <summary>Whether nothing speaks for a rise.</summary>
    public bool IsCalm => _up < 0.25 * _threshold;

    /// <summary>The sum as a share of the threshold.</summary>
    public double Excess => _up / _threshold;

    /// <summary>The mean loss before the alarm, and since it began to rise.</summary>
    public (double Before, double Since) Means => (_count > 0 ? _sum / _count : double.NaN, _upCount > 0 ? _upSum / _upCount : double.NaN);

    /// <summary>Takes a loss.</summary>
    /// <returns>Whether the mean has risen. The monitor is then to be <see cref="Reset"/>.</returns>
    public bool Observe(double loss)
    {
        var x = Math.Cbrt(loss);
        if (_count >= Least && _square > 0)
        {
            var t = Math.Sqrt(_count / (_count + 1.0)) * (x - _mean) / Math.Sqrt(_square / (_count - 1));
            var deviate = StudentDistribution.Deviate(t, _count - 1);
            var u = Math.Clamp(deviate, -Largest * _threshold, Largest * _threshold);
            _up = Math.Max(0, _up + u - Allowance);
            _down = Math.Max(0, _down - u - Allowance);
            (_upSum, _upCount) = _up > 0 ? (_upSum + loss, _upCount + 1) : (0, 0);
            if (_up >= _threshold) return true;
            if (_down >= _threshold) Reset();
            else if (deviate > u) return false;
        }

        _count++;
        _sum += loss;
        var apart = x - _mean;
        _mean += apart / _count;
        _square += apart * (x - _mean);
        _recent.Enqueue(loss);
        if (_recent.Count > Recent) _recent.Dequeue();
        if (_count >= 2 * Recent && HasFallen()) Begin();
        return false;
    }

    private bool HasFallen()
    {
        var (mean, squares) = (0.0, 0.0);
        foreach (var loss in _recent) mean += Math.Cbrt(loss) / Recent;
        foreach (var loss in _recent) squares += (Math.Cbrt(loss) - mean) * (Math.Cbrt(loss) - mean);
        var before = (_mean * _count - mean * Recent) / (_count - Recent);
        return before - mean > FarAbove * Math.Sqrt(squares / (Recent - 1));
    }

    /// <summary>Mean and s of the recent losses alone.</summary>
    private void Begin()
    {
        double[] recent = [.. _recent];
        Reset();
        foreach (var loss in recent)
        {
            _recent.Enqueue(loss);
            _count++;
            _sum += loss;
            var apart = Math.Cbrt(loss) - _mean;
            _mean += apart / _count;
            _square += apart * (Math.Cbrt(loss) - _mean);
        }
    }

    /// <summary>Forgets everything: the series goes on from a new mean.</summary>
    public void Reset()
    {
        _recent.Clear();
        (_count, _mean, _square, _up, _down, _sum, _upSum, _upCount) = (0, 0, 0, 0, 0, 0, 0, 0);
    }

    /// <summary>h for an average run length: Siegmund's formula, solved by bisection.</summary>
    internal static double ThresholdOf(double runLength)
    {
        double low = 0, high = 50;
        for (var i = 0; i < 60; i++)
        {
            var b = (low + high) / 2 + 1.166;
            if ((PortableMath.Exp(2 * Allowance * b) - 2 * Allowance * b - 1) / (2 * Allowance * Allowance) < runLength) low = (low + high) / 2;
            else high = (low + high) / 2;
        }

        return high;
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(_count);
        writer.Write(_upCount);
        writer.Write(_recent.Count);
        foreach (var loss in _recent) writer.Write(loss);
        foreach (var value in (ReadOnlySpan<double>)[_mean, _square, _up, _down, _sum, _upSum]) writer.Write(value);
    }

    public void Load(BinaryReader reader)
    {
        (_count, _upCount) = (reader.ReadInt64(), reader.ReadInt64());
        _recent.Clear();
        for (var count = reader.ReadInt32(); count > 0; count--) _recent.Enqueue(reader.ReadDouble());
        (_mean, _square, _up, _down, _sum, _upSum) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
    }
}
