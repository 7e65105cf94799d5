using AutoTune.Spaces;

namespace AutoTune.Tuners.Reinforcement;

/// <summary>Improves a policy: proximal policy optimisation of what it chose itself, imitation of the good among what others chose.</summary>
/// <remarks>
/// <code>
/// R, V_j    reward of an episode; what was expected before action j;  advantage A_j = R - V_j
/// r_j       likelihood of action j by that under the policy before the improvement
/// w         min(1, likelihood of the episode before the improvement by that when it was chosen): it may be some improvements old   (Hilton and others 2022)
/// own       w min(r_j A_j, clip(r_j, 1 - c, 1 + c) A_j)                                          (Schulman and others 2017, equation 7)
/// others    max(A_j, 0) log p_j                                                           (self-imitation, Oh and others 2018, equation 2)
/// baseline  -(R - V_j)^2 / 2 of both
/// entropy   b mean entropy of own; b grows while it is below its target and falls while it is above            (after Haarnoja and others 2018)
/// </code>
/// Each is a mean over its episodes; the sum is ascended by Adam over all of them. Not thread-safe.
/// </remarks>
internal sealed class PolicyTraining
{
    private const double LeastWorth = 1e-3, MostWorth = 1, Steering = 2;
    private readonly Policy _policy;
    private readonly PolicyAscent _ascent;
    private readonly double _clip;
    private double _worth = 0.03;

    public PolicyTraining(Policy policy, double clip, double learningRate)
    {
        _policy = policy;
        _clip = clip;
        _ascent = new PolicyAscent(policy.Weights, learningRate);
    }

    /// <summary>Improves the policy.</summary>
    /// <param name="own">What it chose itself, lately, with scores.</param>
    /// <param name="others">What others chose lately.</param>
    /// <param name="elites">The best of all, which are imitated once more.</param>
    /// <param name="targetEntropy">The mean entropy that is aimed at.</param>
    /// <param name="epochs">How often it goes over them.</param>
    public void Improve(IReadOnlyList<Episode> own, IReadOnlyList<Episode> others, IReadOnlyList<Episode> elites, double targetEntropy, int epochs)
    {
        var before = own.Select(Before).ToArray();
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            double entropy = 0;
            for (var i = 0; i < own.Count; i++) entropy += AddOwn(own[i], before[i], own.Count) / own.Count;
            foreach (var episode in others) AddOther(episode, others.Count, true);
            foreach (var episode in elites) entropy += AddOther(episode, elites.Count, false, own.Count == 0 ? _worth : 0) / elites.Count;
            _ascent.Step();
            if (epoch < epochs - 1) continue;
            if (own.Count > 0 && elites.Count > 0) entropy -= 1; // that of the elites was not looked at
            if (own.Count + elites.Count > 0) _worth = Math.Clamp(_worth * PortableMath.Exp(Math.Clamp(Steering * (targetEntropy - entropy), -0.5, 0.5)), LeastWorth, MostWorth);
        }
    }

    private (double[] Logs, double[] Values, double Weight) Before(Episode episode)
    {
        double[] logs = new double[_policy.Actions], values = new double[_policy.Actions];
        var sum = 0.0;
        _policy.Walk(episode, (slot, log, value) =>
        {
            logs[slot] = log;
            values[slot] = value;
            sum += log;
            return (0, 0);
        }, 0, null);
        return (logs, values, double.IsNaN(episode.LogLikelihood) ? 1 : PortableMath.Exp(Math.Clamp(sum - episode.LogLikelihood, -30, 0)));
    }

    private double AddOwn(Episode episode, (double[] Logs, double[] Values, double Weight) before, int count) => _policy.Walk(episode, (slot, log, value) =>
    {
        var advantage = episode.Score - before.Values[slot];
        return (PolicyAscent.ByLog(log, before.Logs[slot], advantage, _clip, before.Weight) / count, (episode.Score - value) / count);
    }, _worth / count, _ascent.Gradient);

    private double AddOther(Episode episode, int count, bool teachesBaseline, double entropy = 0) => _policy.Walk(episode, (_, _, value) =>
        (Math.Max(episode.Score - value, 0) / count, teachesBaseline ? (episode.Score - value) / count : 0), entropy / count, _ascent.Gradient);
}
