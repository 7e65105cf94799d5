using AutoTune.Tuners.Trees;

namespace AutoTune.Tuners.Architecture;

/// <summary>An ensemble of networks that learnt what the trials told; made anew by the <see cref="ModelSchedule"/>.</summary>
/// <remarks>So what is expected after n trials depends on these alone, never on when somebody asked. Not thread-safe.</remarks>
internal sealed class ArchitectureModel(SketchLayout layout, ArchitectureOptions options, RandomSource random)
{
    private ArchitectureNetwork[] _networks = [];
    private int _learntAt = -1;

    /// <summary>Learns the trials told, if those at which it last did are others.</summary>
    public void Learn(TreeHistory history, IReadOnlyList<Sketch> sketches)
    {
        var at = ModelSchedule.Before(history.Count);
        if (_learntAt == at) return;
        var targets = TreeTargets.Of(history, at);
        Sketch[] known = [.. sketches.Take(at)];
        _networks = new ArchitectureNetwork[options.Networks];
        for (var k = 0; k < _networks.Length; k++)
        {
            var own = random.Fork("network", k);
            _networks[k] = new ArchitectureNetwork(layout, own);
            _networks[k].Learn(known, targets, options.TrainingSteps, own);
        }

        _learntAt = at;
    }

    /// <summary>What the networks expect, and by how much they disagree: targets of <see cref="TreeTargets"/>.</summary>
    public (double Mean, double Deviation) Predict(Sketch sketch)
    {
        double sum = 0, square = 0;
        foreach (var network in _networks)
        {
            var output = network.Predict(sketch);
            sum += output;
            square += output * output;
        }

        var mean = sum / _networks.Length;
        return (mean, Math.Sqrt(Math.Max(0, square / _networks.Length - mean * mean)));
    }
}
