using AutoTune.Spaces;
using AutoTune.Tuners.Reinforcement;

namespace AutoTune.Torch.Control;

/// <summary>Improves a controller's policy from records of trainings: proximal policy optimisation (Schulman and others 2017) with rewards that are compared within a task.</summary>
/// <remarks>
/// <code>
/// r_t       reward between decision t and the next, less the mean of those of its task's trainings that came to t, by the deviation of their sums; one that was stopped ends with its last reward
/// d_t       r_t + V(signs_{t+1}) - V(signs_t);   A_t = sum_{u >= t} lambda^(u-t) d_u     (Schulman and others 2016, "High-dimensional continuous control", equation 16, undiscounted)
/// w         min(1, likelihood of the draw before the improvement by that when it was drawn): a record may be some improvements old
/// ascended  the mean over draws of w min(r A, clip(r, 1 - c, 1 + c) A) - (A_t + V_t before - V_t)^2 / 4 + b entropy
/// </code>
/// Undiscounted, since a rate that pays at once is not the one that pays in the end (Wu and others 2018, "Understanding short-horizon bias"). Not thread-safe.
/// </remarks>
internal sealed class ControllerTraining(ControlPolicy policy, double rate = .01)
{
    private const double Lambda = .95, Clip = .2, Entropy = .01, LeastDeviation = .02, OwnDeviation = .3;
    private const int Epochs = 10;
    private readonly PolicyAscent _ascent = new(policy.Weights, rate);

    /// <summary>Improves the policy by some trainings.</summary>
    public void Improve(IReadOnlyCollection<TrainingRecord> records)
    {
        var samples = records.GroupBy(record => record.Task).SelectMany(SamplesOf).ToList();
        if (samples.Count == 0) return;
        var deviation = Math.Sqrt(samples.Sum(sample => sample.Advantage * sample.Advantage) / samples.Count) + 1e-8;
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            foreach (var sample in samples)
            {
                var (log, value) = policy.Judge(sample.Draw.Kind, sample.Signs, sample.Draw.Action);
                var byLog = PolicyAscent.ByLog(log, sample.Log, sample.Advantage / deviation, Clip, sample.Weight);
                policy.Backward(sample.Draw.Kind, sample.Signs, sample.Draw.Action, byLog / samples.Count, .5 * (sample.Return - value) / samples.Count, Entropy / samples.Count, _ascent.Gradient);
            }

            _ascent.Step();
        }
    }

    private IEnumerable<Sample> SamplesOf(IEnumerable<TrainingRecord> ofTask)
    {
        var records = ofTask.Where(record => record.Decisions.Count > 0).ToList();
        if (records.Count == 0) return [];
        double[] means = [.. Enumerable.Range(0, records.Max(record => record.Decisions.Count)).Select(t => MeanAt(records, t))];
        var sums = records.Select(record => record.Decisions.Select((decision, t) => decision.Reward - means[t]).Sum()); // of those that came as far: a stopped training is not worse for being shorter
        var scale = records.Count < 2 ? OwnDeviation : Math.Max(Math.Sqrt(sums.Sum(sum => sum * sum) / (records.Count - 1)), LeastDeviation);
        return records.SelectMany(record => record.Decisions[0].Draws.SelectMany((_, setting) => SamplesOf(record, setting, t => means[t], scale)));
    }

    private static double MeanAt(List<TrainingRecord> records, int t) => records.Where(record => record.Decisions.Count > t).Average(record => record.Decisions[t].Reward);

    private List<Sample> SamplesOf(TrainingRecord record, int setting, Func<int, double> expected, double scale)
    {
        var samples = new List<Sample>();
        double next = 0, advantage = 0;
        for (var t = record.Decisions.Count - 1; t >= 0; t--)
        {
            var decision = record.Decisions[t];
            var draw = decision.Draws[setting];
            var (log, value) = policy.Judge(draw.Kind, decision.Signs, draw.Action);
            advantage = (decision.Reward - expected(t)) / scale + next - value + Lambda * advantage;
            samples.Add(new Sample(decision.Signs, draw, log, advantage, advantage + value, PortableMath.Exp(Math.Clamp(log - draw.LogLikelihood, -30, 0))));
            next = value;
        }

        return samples;
    }

    private readonly record struct Sample(double[] Signs, TrainingRecord.Draw Draw, double Log, double Advantage, double Return, double Weight);
}
