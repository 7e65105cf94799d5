using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using AutoTune.Torch.Control;
using TorchSharp;
using static TorchSharp.torch;

namespace AutoTune.Torch.Quality.Control;

/// <summary>Trains a controller by reinforcement, on small trainings of many kinds (<see cref="SmallTasks"/>): so the restraints of the one that comes with the library; of its rate <see cref="HeightTraining"/> had the last word. Eight explored trainings a task, eight tasks an improvement, two of them about restraints. What is
/// kept is a mean of the last policies.</summary>
internal static class Pretraining
{
    private const int Each = 8, Tasks = 8, Judged = 20;
    private const double Newest = .15; // the share of the newest policy in the mean

    public static void Run(double minutes, string file, int first)
    {
        set_num_threads(1);
        var tasks = new SmallTasks();
        var judged = Enumerable.Range(0, Judged).Select(i => tasks.Make(new RandomSource(900 + i))).ToList();
        var restrained = Enumerable.Range(0, Judged).Select(i => tasks.MakeRestrained(new RandomSource(900 + i))).ToList();
        if (first == 0)
        {
            double[] factors = [1 / 9.0, 1 / 3.0, 1, 3, 9, 27];
            var grid = judged.Select(task => factors.Select(factor => Score(task, 1, TrainingController.Untrained, null, factor)).ToArray()).ToList();
            Say($"log of the score, mean over {Judged} tasks: cosine from where it begins {grid.Average(row => row[2]):f4}, at the best of {factors.Length} rates {grid.Average(row => row.Min()):f4}");
        }

        var policy = (File.Exists(file) ? TrainingController.Load(file) : TrainingController.Untrained).Policy;
        var mean = policy.Copy();
        var training = new ControllerTraining(policy, rate: first == 0 ? .01 : .004);
        var watch = Stopwatch.StartNew();
        var trainings = 0;
        for (var round = first; ; round++)
        {
            var isLast = watch.Elapsed.TotalMinutes > minutes;
            for (var i = 0; i < mean.Weights.Length; i++) mean.Weights[i] += Newest * (policy.Weights[i] - mean.Weights[i]);
            var controller = new TrainingController(mean.Copy());
            if ((round - first) % 5 == 0 || isLast) controller.Save(file);
            if (isLast)
            {
                Say($"round {round}, {trainings} trainings, {watch.Elapsed.TotalMinutes:f1} min: rates {judged.Average(task => Score(task, 1, controller, null)):f4}, restraints {restrained.Average(task => Score(task, 1, controller, null)):f4}");
            }

            if (isLast) return;
            var records = new List<TrainingRecord>();
            for (var t = 0; t < Tasks; t++)
            {
                var random = new RandomSource(1).Fork("task", (long)round * Tasks + t);
                using var scope = NewDisposeScope();
                var task = t >= Tasks - 2 ? tasks.MakeRestrained(random) : tasks.Make(random);
                for (var i = 0; i < Each; i++)
                {
                    var record = new TrainingRecord($"{round}.{t}");
                    Score(task, (round * Tasks + t) * 10 + 100, new TrainingController(policy), record, 1, random.Fork("draws", i));
                    records.Add(record);
                    trainings++;
                }
            }

            training.Improve(records);
        }
    }

    /// <summary>Trains once under a controller.</summary>
    /// <returns>The logarithm of the mean, geometric, of validation loss and error at the end.</returns>
    private static double Score(ControlTask task, int seed, TrainingController controller, TrainingRecord? record, double factor = 1, RandomSource? random = null)
    {
        while (true)
        {
            try
            {
                return Trained(task with { Rate = task.Rate * factor }, seed, controller, record, random);
            }
            catch (ExternalException e) // rarely TorchSharp frees a number while libtorch reads it
            {
                Say($"{task.Name}: once more, it failed: {e.Message.Split('\n')[0]}");
                record?.Decisions.Clear();
            }
        }
    }

    private static double Trained(ControlTask task, int seed, TrainingController controller, TrainingRecord? record, RandomSource? random)
    {
        var last = double.NaN;
        task.Train(seed, (net, optimizer) =>
        {
            var control = new TrainingControl(net, optimizer, task.Epochs, task.Steps, task.Choose(ControlChoices.None).Use(controller), random, record: record);
            return (loss => control.Descend(loss), (epoch, loss, error) =>
            {
                var score = ControlTask.Score(loss, error);
                control.EndEpoch(Math.Min(loss, ControlTask.MostLoss), score);
                last = Math.Log(score);
                if (epoch == task.Epochs) control.Dispose();
            });
        });
        return last;
    }

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
