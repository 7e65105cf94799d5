using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using AutoTune.Torch.Control;
using AutoTune.Tuners.Reinforcement;
using static TorchSharp.torch;

namespace AutoTune.Torch.Quality.Control;

/// <summary>Teaches a controller the height of the learning rate by what other heights would have come to: on each small task (<see cref="SmallTasks"/>) cosines of seven rates are trained, and whatever the controller sees on its
/// own trainings there is to lead it towards the heights that scored well.</summary>
/// <remarks>
/// <code>
/// x         the height, as log10 of the rate by one that is usual for the optimizer
/// c(x)      what a cosine of that height scores at the end of this task, less the best, at most MostLoss, smoothed, linear between the seven
/// d         the logarithm of the multiplication that the policy gives for the signs
/// descended the mean over what was seen of w c(x + d / ln 10) + penalty d^2,   w from 1.1 at the beginning to .1 at the end: late there is less to be won
/// </code>
/// Not what the best rate was, but what each would have cost: where tasks do not care the policy need not, and a rate too high costs more than one too low. Restraints are left as they are.
/// </remarks>
internal static class HeightTraining
{
    private const int Round = 32, Each = 5, Explored = 2, Descents = 300, Batch = 1000;
    private const double MostLoss = .6, Outwards = .1, Penalty = .03;
    private static readonly double[] Heights = [-1.4, -.9, -.5, -.1, .3, .7, 1.2];
    private static readonly double[] Logs = [.. Enumerable.Range(0, ControlPolicy.ActionCount).Select(action => Math.Log(ControlPolicy.FactorOf(action)))];

    public static void Run(double minutes, string file, int first)
    {
        set_num_threads(1);
        var tasks = new SmallTasks();
        var policy = (File.Exists(file) ? TrainingController.Load(file) : TrainingController.Untrained).Policy;
        var seen = new List<Seen>();
        var picks = new RandomSource(4);
        var watch = Stopwatch.StartNew();
        for (var t = first; ; t++)
        {
            using (NewDisposeScope()) seen.AddRange(Again(() => SeenOn(tasks, new RandomSource(3).Fork("task", (long)t), t * 10 + 100, policy)));
            var isLast = watch.Elapsed.TotalMinutes > minutes;
            if (((t + 1) % Round != 0 && !isLast) || seen.Count == 0) continue;
            var before = seen.Average(one => one.Cost(0).Value);
            Descend(policy, seen, picks);
            new TrainingController(policy.Copy()).Save(file);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"task {t + 1}, {watch.Elapsed.TotalMinutes:f1} min, {seen.Count} seen: cost {before:f3}, after a decision each {seen.Average(one => one.Cost(policy.Expected(ControlKind.Rate, one.Signs)).Value):f3}"));
            if (isLast) return;
        }
    }

    private static void Descend(ControlPolicy policy, List<Seen> seen, RandomSource picks)
    {
        var ascent = new PolicyAscent(policy.Weights, rate: .004);
        for (var descent = 0; descent < Descents; descent++)
        {
            for (var i = 0; i < Batch; i++)
            {
                var one = seen[picks.NextInt(seen.Count)];
                var move = policy.Expected(ControlKind.Rate, one.Signs);
                var weight = .1 + .5 * (1 + Math.Cos(Math.PI * (one.Signs[0] + 1) / 2));
                var by = -weight * (one.Cost(move).Slope + 2 * Penalty * move) / Batch;
                for (var action = 0; action < Logs.Length; action++)
                {
                    var log = policy.Judge(ControlKind.Rate, one.Signs, action).Log;
                    policy.Backward(ControlKind.Rate, one.Signs, action, by * Logs[action] * Math.Exp(log), 0, 0, ascent.Gradient);
                }
            }

            ascent.Step();
        }
    }

    /// <summary>What the policy sees in some trainings of a task, some of them explored, from rates that are far from each other.</summary>
    private static List<Seen> SeenOn(SmallTasks tasks, RandomSource random, int seed, ControlPolicy policy)
    {
        var task = tasks.Make(random, steps: (int)(80 * Math.Pow(5, random.NextDouble())));
        double[] scores = [.. Heights.Select(height => Cosine(task with { Rate = task.Usual * Math.Pow(10, height) }, seed))];
        var seen = new List<Seen>();
        if (scores.Max() - scores.Min() < .02) return seen; // nothing to be learnt
        double[] smooth = [.. scores.Select((score, i) => .5 * score + .25 * scores[Math.Max(i - 1, 0)] + .25 * scores[Math.Min(i + 1, scores.Length - 1)])];
        var best = Array.IndexOf(smooth, smooth.Min());
        double[] costs = [.. smooth.Select((score, i) => Math.Min(score - smooth[best], MostLoss) + Outwards * Math.Abs(Heights[i] - Heights[best]))];
        for (var i = 0; i < Each; i++)
        {
            var begin = -2.2 + 3.4 * random.NextDouble();
            foreach (var (height, signs) in Controlled(task with { Rate = task.Usual * Math.Pow(10, begin) }, seed + i, new TrainingController(policy), i < Explored ? random.Fork("draws", i) : null))
                seen.Add(new Seen(begin + Math.Log10(height), costs, signs));
        }

        return seen;
    }

    private static double Cosine(ControlTask task, int seed)
    {
        var last = double.NaN;
        var (schedule, step) = (LearningRateSchedule.Cosine(task.Epochs * task.Steps, ControlChoices.UsualWarmUp), 0);
        task.Train(seed, (_, optimizer) => (loss =>
        {
            schedule.Apply(optimizer, step++);
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
        }, (_, loss, error) => last = Math.Log(ControlTask.Score(loss, error))));
        return last;
    }

    /// <summary>The height before each decision, by that of the beginning, and the signs it was decided by.</summary>
    private static List<(double Height, double[] Signs)> Controlled(ControlTask task, int seed, TrainingController controller, RandomSource? random)
    {
        var record = new TrainingRecord("");
        var seen = new List<(double, double[])>();
        task.Train(seed, (net, optimizer) =>
        {
            var control = new TrainingControl(net, optimizer, task.Epochs, task.Steps, task.Choose(ControlChoices.None).Use(controller), random, record: record);
            void Watch(Action action)
            {
                var height = control.Height;
                action();
                if (record.Decisions.Count > seen.Count) seen.Add((height, record.Decisions[^1].Signs));
            }

            return (loss => Watch(() => control.Descend(loss)), (epoch, loss, _) =>
            {
                Watch(() => control.EndEpoch(Math.Min(loss, ControlTask.MostLoss)));
                if (epoch == task.Epochs) control.Dispose();
            });
        });
        return seen;
    }

    private static T Again<T>(Func<T> action)
    {
        while (true)
        {
            try
            {
                return action();
            }
            catch (ExternalException e) // rarely TorchSharp frees a number while libtorch reads it
            {
                Console.WriteLine($"Once more, it failed: {e.Message.Split('\n')[0]}");
            }
        }
    }

    /// <summary>What a policy saw.</summary>
    private sealed record Seen(double X, double[] Costs, double[] Signs)
    {
        /// <summary>What the height that is moved by a logarithm costs, and the slope by that logarithm.</summary>
        public (double Value, double Slope) Cost(double move)
        {
            var x = X + move / Math.Log(10);
            var i = 0;
            while (i < Heights.Length - 2 && x > Heights[i + 1]) i++;
            var slope = (Costs[i + 1] - Costs[i]) / (Heights[i + 1] - Heights[i]);
            if (x < Heights[0]) slope = Math.Min(slope, -Outwards);
            if (x > Heights[^1]) slope = Math.Max(slope, Outwards);
            var from = x > Heights[^1] ? Heights.Length - 1 : i;
            return (Costs[from] + slope * (x - Heights[from]), slope / Math.Log(10));
        }
    }
}
