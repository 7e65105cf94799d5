using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.Architecture;

/// <summary>Message passing over the graph of a <see cref="CellForm"/>: each operation has a state, which what it feeds on and what feeds on it change round by round.</summary>
/// <remarks>
/// <code>
/// e_k        what is known of an operation of kind k before its place is                            H
/// h0_v       e of node v's kind
/// p_v, s_v   half the sums of h over the nodes that v sums, as often as it does, and over those that sum v
/// h'_v       softsign(A h_v + B p_v + C s_v + b)                                                     two rounds
/// readout    a quarter of the sum of h0 over the operations and of that of the last h; the last h of the output       3 H
/// softsign   x / (1 + |x|): a bend that is the same on every platform
/// </code>
/// A graph convolution with weights of its own for each direction (Kipf and Welling 2017; directed as in Shi and others 2020, BONAS). Weights lie in an array that all parts of
/// a network share: e row by row, then for each round A, B, C row by row, b. Not thread-safe (buffers).
/// </remarks>
internal sealed class CellNetwork(int offset, int kinds)
{
    public const int Hidden = 16;
    public const int ReadoutSize = 3 * Hidden;
    private const int Rounds = 2;
    private const int Square = Hidden * Hidden, RoundSize = 3 * Square + Hidden;
    private double[] _states = [], _before = [], _after = [], _byState = [], _byNext = [];

    /// <summary>How many weights it has.</summary>
    public int Size => kinds * Hidden + Rounds * RoundSize;

    public void Initialize(double[] weights, RandomSource random)
    {
        for (var i = 0; i < kinds * Hidden; i++) weights[offset + i] = random.NextGaussian();
        for (var round = 0; round < Rounds; round++)
        {
            var at = RoundAt(round);
            for (var i = 0; i < 3 * Square; i++) weights[at + i] = random.NextGaussian() / Math.Sqrt(Hidden);
        }
    }

    public void Forward(double[] weights, CellForm form, Span<double> readout)
    {
        var n = form.Kinds.Length;
        var layer = n * Hidden;
        Grow(ref _states, (Rounds + 1) * layer);
        Grow(ref _before, Rounds * layer);
        Grow(ref _after, Rounds * layer);
        readout.Clear();
        for (var v = 0; v < n; v++) weights.AsSpan(offset + form.Kinds[v] * Hidden, Hidden).CopyTo(_states.AsSpan(v * Hidden));
        for (var round = 0; round < Rounds; round++)
        {
            Span<double> states = _states.AsSpan(round * layer, layer), next = _states.AsSpan((round + 1) * layer, layer);
            Span<double> before = _before.AsSpan(round * layer, layer), after = _after.AsSpan(round * layer, layer);
            before.Clear();
            after.Clear();
            foreach (var (from, to, times) in form.Arcs)
            {
                VectorMath.AddScaled(states.Slice(from * Hidden, Hidden), 0.5 * times, before.Slice(to * Hidden, Hidden));
                VectorMath.AddScaled(states.Slice(to * Hidden, Hidden), 0.5 * times, after.Slice(from * Hidden, Hidden));
            }

            var at = RoundAt(round);
            for (var v = 0; v < n; v++)
            {
                Span<double> h = states.Slice(v * Hidden, Hidden), p = before.Slice(v * Hidden, Hidden), s = after.Slice(v * Hidden, Hidden);
                for (var o = 0; o < Hidden; o++)
                {
                    var row = at + o * Hidden;
                    var x = weights[at + 3 * Square + o] + VectorMath.Dot(weights.AsSpan(row, Hidden), h)
                        + VectorMath.Dot(weights.AsSpan(row + Square, Hidden), p) + VectorMath.Dot(weights.AsSpan(row + 2 * Square, Hidden), s);
                    next[v * Hidden + o] = x / (1 + Math.Abs(x));
                }
            }
        }

        var last = Rounds * layer;
        for (var v = 1; v < n - 1; v++)
        {
            VectorMath.AddScaled(_states.AsSpan(v * Hidden, Hidden), 0.25, readout[..Hidden]);
            VectorMath.AddScaled(_states.AsSpan(last + v * Hidden, Hidden), 0.25, readout.Slice(Hidden, Hidden));
        }

        _states.AsSpan(last + (n - 1) * Hidden, Hidden).CopyTo(readout[(2 * Hidden)..]);
    }

    /// <summary>Adds the derivatives by the weights, given those by the readout of the last <see cref="Forward"/>, which was of this form.</summary>
    public void Backward(double[] weights, double[] gradient, CellForm form, ReadOnlySpan<double> byReadout)
    {
        var n = form.Kinds.Length;
        var layer = n * Hidden;
        Grow(ref _byState, layer);
        Grow(ref _byNext, layer);
        Span<double> by = _byNext.AsSpan(0, layer), below = _byState.AsSpan(0, layer);
        by.Clear();
        for (var v = 1; v < n - 1; v++) VectorMath.AddScaled(byReadout.Slice(Hidden, Hidden), 0.25, by.Slice(v * Hidden, Hidden));
        VectorMath.AddScaled(byReadout[(2 * Hidden)..], 1, by.Slice((n - 1) * Hidden, Hidden));
        Span<double> byBefore = stackalloc double[Hidden], byAfter = stackalloc double[Hidden];
        for (var round = Rounds - 1; round >= 0; round--)
        {
            var at = RoundAt(round);
            ReadOnlySpan<double> states = _states.AsSpan(round * layer, layer), next = _states.AsSpan((round + 1) * layer, layer);
            ReadOnlySpan<double> before = _before.AsSpan(round * layer, layer), after = _after.AsSpan(round * layer, layer);
            below.Clear();
            for (var v = 0; v < n; v++)
            {
                ReadOnlySpan<double> h = states.Slice(v * Hidden, Hidden), p = before.Slice(v * Hidden, Hidden), s = after.Slice(v * Hidden, Hidden);
                byBefore.Clear();
                byAfter.Clear();
                for (var o = 0; o < Hidden; o++)
                {
                    var steepness = 1 - Math.Abs(next[v * Hidden + o]);
                    var x = by[v * Hidden + o] * steepness * steepness;
                    if (x == 0) continue;
                    var row = at + o * Hidden;
                    gradient[at + 3 * Square + o] += x;
                    VectorMath.AddScaled(h, x, gradient.AsSpan(row, Hidden));
                    VectorMath.AddScaled(p, x, gradient.AsSpan(row + Square, Hidden));
                    VectorMath.AddScaled(s, x, gradient.AsSpan(row + 2 * Square, Hidden));
                    VectorMath.AddScaled(weights.AsSpan(row, Hidden), x, below.Slice(v * Hidden, Hidden));
                    VectorMath.AddScaled(weights.AsSpan(row + Square, Hidden), x, byBefore);
                    VectorMath.AddScaled(weights.AsSpan(row + 2 * Square, Hidden), x, byAfter);
                }

                foreach (var (from, to, times) in form.Arcs)
                {
                    if (to == v) VectorMath.AddScaled(byBefore, 0.5 * times, below.Slice(from * Hidden, Hidden));
                    if (from == v) VectorMath.AddScaled(byAfter, 0.5 * times, below.Slice(to * Hidden, Hidden));
                }
            }

            var swap = by;
            by = below;
            below = swap;
        }

        for (var v = 0; v < n; v++)
        {
            var kind = gradient.AsSpan(offset + form.Kinds[v] * Hidden, Hidden);
            VectorMath.AddScaled(by.Slice(v * Hidden, Hidden), 1, kind);
            if (v > 0 && v < n - 1) VectorMath.AddScaled(byReadout[..Hidden], 0.25, kind);
        }
    }

    private int RoundAt(int round) => offset + kinds * Hidden + round * RoundSize;

    private static void Grow(ref double[] buffer, int size)
    {
        if (buffer.Length < size) buffer = new double[size];
    }
}
