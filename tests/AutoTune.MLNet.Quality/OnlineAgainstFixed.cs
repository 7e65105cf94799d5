using System.Globalization;
using AutoTune.Tuners.Online;
using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace AutoTune.MLNet.Quality;

/// <summary>
/// TuneOnline on streams that change, against the best fixed setting in hindsight: of a grid over the same hyperparameters, four learning rates a decade by regularizations of 1e-8, 1e-4 and 1e-2,
/// the one with the lowest loss on that very stream and seed. ML.NET's own trainers go on from batch to batch in both.
/// </summary>
internal static class OnlineAgainstFixed
{
    private static readonly double[] Decays = [1e-8, 1e-4, 1e-2];

    public static void Run(IReadOnlyList<int> seeds, IReadOnlyList<string> names)
    {
        foreach (var (name, isBinary, rowsOf) in OnlineStreams.All.Where(stream => names.Contains(stream.Name)))
        {
            List<double> ratios = [], champions = [], bests = [], updates = [];
            List<string> settings = [];
            foreach (var seed in seeds)
            {
                var ml = new MLContext(seed);
                var batches = rowsOf(seed).Select(rows => (View: OnlineStreams.View(ml, rows), Rows: rows)).ToList();
                using var live = ml.TuneOnline(isBinary ? OnlineTrainer.Perceptron("Above") : OnlineTrainer.GradientDescent(), options: new OnlineOptions { Seed = seed });
                foreach (var (view, _) in batches) live.Learn(view);
                var (best, setting) = BestFixed(ml, batches, isBinary);
                ratios.Add(live.MeanLoss / best);
                champions.Add(live.ChampionMeanLoss / best);
                bests.Add(best);
                updates.Add((double)live.Updates / live.Batches);
                settings.Add(setting);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-9} best fixed {bests.Average():G4}; TuneOnline / best fixed: {ratios.Average():F3} ({string.Join(" ", ratios.Select(ratio => ratio.ToString("F3", CultureInfo.InvariantCulture)))}); champion alone {champions.Average():F3}; {updates.Average():F1} updates a batch; best settings {string.Join(", ", settings)}"));
        }
    }

    private static (double Loss, string Setting) BestFixed(MLContext ml, List<(IDataView View, OnlineRow[] Rows)> batches, bool isBinary)
    {
        var (best, setting) = (double.PositiveInfinity, "none");
        foreach (var decay in Decays)
        {
            var (low, high) = isBinary ? (-3, 1) : (-4, 0);
            for (var i = 4 * low; i <= 4 * high; i++)
            {
                var rate = Math.Pow(10, i / 4.0);
                var loss = Fixed(Trainer(ml, isBinary, rate, decay), batches, isBinary, best);
                if (loss < best) (best, setting) = (loss, string.Create(CultureInfo.InvariantCulture, $"{rate:G2}/{decay:G1}"));
            }
        }

        return (best, setting);
    }

    private static Func<IDataView, LinearModelParameters?, LinearModelParameters> Trainer(MLContext ml, bool isBinary, double rate, double decay)
    {
        if (!isBinary)
        {
            var regression = ml.Regression.Trainers.OnlineGradientDescent(new OnlineGradientDescentTrainer.Options
            {
                LearningRate = (float)rate, L2Regularization = (float)decay, DecreaseLearningRate = false, Averaged = false, NumberOfIterations = 1, Shuffle = false,
            });
            return (data, earlier) => (earlier is null ? regression.Fit(data) : regression.Fit(data, earlier)).Model;
        }

        var perceptron = ml.BinaryClassification.Trainers.AveragedPerceptron(new AveragedPerceptronTrainer.Options
        {
            LearningRate = (float)rate, L2Regularization = (float)decay, DecreaseLearningRate = false, Averaged = false, NumberOfIterations = 1, Shuffle = false, LabelColumnName = "Above", LossFunction = new LogLoss(),
        });
        return (data, earlier) => (earlier is null ? perceptron.Fit(data) : perceptron.Fit(data, earlier)).Model;
    }

    private static double Fixed(Func<IDataView, LinearModelParameters?, LinearModelParameters> fit, List<(IDataView View, OnlineRow[] Rows)> batches, bool isBinary, double best)
    {
        LinearModelParameters? model = null;
        float[] weights = [];
        var sum = 0.0;
        foreach (var (view, rows) in batches)
        {
            foreach (var row in rows)
            {
                double score = model?.Bias ?? 0;
                for (var j = 0; j < weights.Length; j++) score += (double)weights[j] * row.Features[j];
                // As the trainers' own losses: the logistic one is bounded for scores that are far off, as ML.NET's is.
                sum += (isBinary ? LogLoss.Loss((float)score, row.Above ? 1 : -1) : (score - row.Label) * (score - row.Label)) / OnlineStreams.Batch;
            }

            if (!(sum / batches.Count < best)) return double.PositiveInfinity; // losses are not below 0: it will not be the best
            try
            {
                model = fit(view, model);
            }
            catch (InvalidOperationException)
            {
                return double.PositiveInfinity; // ML.NET throws when weights overflow
            }

            weights = [.. model.Weights];
        }

        return sum / batches.Count;
    }

    private static readonly LogLoss LogLoss = new();
}
