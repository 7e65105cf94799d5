using AutoTune.Tuners.Architecture;
using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Numerics;
using AutoTune.Tuning;

namespace AutoTune.Quality.Architectures;

/// <summary>A Gaussian process with the <see cref="LabelKernel"/> over one cell, to compare with (NAS-BOWL: Ru and others 2021).</summary>
/// <remarks>Begins as the architecture search does, sees losses as it does, and avoids what is equal in function. Rounds and noise are the likeliest of a few. Not thread-safe.</remarks>
internal sealed class LabelKernelTuner : ITuner
{
    private const int First = 6, Candidates = 1000, Incumbents = 5;
    private static readonly double[] Noises = [1e-3, 1e-2, 0.1];
    private readonly LabelKernel _kernel = new();
    private readonly ArchitectureTuner _beginning;
    private readonly SearchSpace _space;
    private readonly SketchLayout _sketches;
    private readonly SpaceLayout _layout;
    private readonly List<Observation> _observations = [];
    private readonly List<Sketch> _told = [];

    public LabelKernelTuner(SearchSpace space, TunableCell cell, RandomSource random)
    {
        _space = space;
        _beginning = new ArchitectureTuner(space, [cell], new() { InitialTrials = First }, random);
        _sketches = new SketchLayout(space, [cell]);
        _layout = new SpaceLayout(space);
    }

    public void Tell(Trial trial)
    {
        _beginning.Tell(trial);
        _observations.Add(Observation.Of(trial, _layout));
        _told.Add(_sketches.Of(trial.Configuration));
    }

    public Proposal Ask(AskRequest request)
    {
        if (_told.Count < First) return _beginning.Ask(request);
        var targets = LossWarp.Targets(_observations, LossView.Near);
        var n = targets.Length;
        var (rounds, noise, factor, solved) = Likeliest(targets);
        var best = targets.Select((target, i) => (target, i)).Order().Take(Incumbents).Select(entry => _observations[entry.i]).ToList();
        var least = best.Count > 0 ? targets.Min() : 0;
        var pool = CandidatePool.Mixed(_layout, request.Random, Candidates, best);
        var seen = new HashSet<ulong>(_told.Select(sketch => sketch.Key)); // membership only
        var found = (Value: double.NegativeInfinity, Configuration: (Configuration?)null);
        var scale = Enumerable.Range(0, n).Sum(i => targets[i] * solved[i]) / n;
        for (var c = 0; c < pool.Count; c++)
        {
            var sketch = _sketches.Of(pool.Unit(c), pool.Active(c));
            if (!sketch.IsConnected || !seen.Add(sketch.Key)) continue;
            double[] kernel = [.. _told.Select(known => Between(known, sketch, rounds))];
            var mean = VectorMath.Dot(kernel, solved);
            Cholesky.Forward(factor, n, n, kernel);
            var variance = Math.Max(1e-9, scale * (1 - VectorMath.Dot(kernel, kernel)));
            var value = LogExpectedImprovement.Value(mean, Math.Sqrt(variance), least);
            if (value > found.Value) found = (value, _layout.Decode(pool.Unit(c)));
        }

        return new Proposal.Evaluate(found.Configuration ?? _space.Sample(request.Random));
    }

    // Of targets of mean 0 whose scale is the likeliest: n ln(y' K^-1 y) + ln |K|.
    private (int Rounds, double Noise, double[] Factor, double[] Solved) Likeliest(double[] targets)
    {
        var n = targets.Length;
        (double Cost, int, double, double[] Factor, double[] Solved) least = (double.PositiveInfinity, 0, 0, [], []);
        for (var rounds = 0; rounds < 4; rounds++)
        {
            foreach (var noise in Noises)
            {
                double[] factor = new double[n * n], solved = (double[])targets.Clone();
                for (var i = 0; i < n; i++)
                {
                    for (var j = 0; j <= i; j++) factor[i * n + j] = Between(_told[i], _told[j], rounds) + (i == j ? noise : 0);
                }

                if (!Cholesky.TryFactor(factor, n, n)) continue;
                Cholesky.Forward(factor, n, n, solved);
                Cholesky.Backward(factor, n, n, solved);
                var cost = n * Math.Log(VectorMath.Dot(targets, solved)) + 2 * Cholesky.HalfLogDeterminant(factor, n, n);
                if (cost < least.Cost) least = (cost, rounds, noise, factor, solved);
            }
        }

        return (least.Item2, least.Item3, least.Factor, least.Solved);
    }

    private double Between(Sketch one, Sketch other, int rounds) => _kernel.Of(one.Forms[0]!, other.Forms[0]!, rounds);
}
