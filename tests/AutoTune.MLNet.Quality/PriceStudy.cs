using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using PricePrediction;

namespace AutoTune.MLNet.Quality;

/// <summary>A study of LightGBM on a table of prices, of which a fifth, another one for each seed, is held out for the final model.</summary>
internal sealed class PriceStudy(CommandLine arguments, string way, int seed)
{
    /// <summary>More to say of the study; last of all.</summary>
    public Func<PipelineTuning<RegressionMetrics>, PipelineTuning<RegressionMetrics>> Also { get; init; } = tuning => tuning;

    public RunRecord Record => new(arguments.Data, arguments.Every, way, arguments.Tuner, seed, arguments.Trials, arguments.Folds);

    public async Task<(TunedModel<RegressionMetrics> Tuned, RunRecord Record)> RunAsync()
    {
        var ml = new MLContext(seed);
        var prices = PriceData.Load(ml, arguments.Data);
        // Drawn by the rows' own hashes, so the same rows whenever they are read.
        var rows = arguments.Every == 1 ? prices.Rows : ml.Data.TrainTestSplit(prices.Rows, testFraction: 1.0 / arguments.Every, seed: 1_000_003).TestSet;
        var split = ml.Data.TrainTestSplit(rows, testFraction: 0.2, seed: seed);
        var pipeline = ml.Transforms.Categorical.OneHotEncoding([.. prices.TextColumns.Select(name => new InputOutputColumnPair(name))])
            .Append(ml.Transforms.Concatenate("Features", [.. prices.TextColumns, .. prices.NumberColumns]))
            .AppendTunable(ml.Regression.Trainers.Tunable().LightGbm(prices.Label));

        var clock = Stopwatch.StartNew();
        var tuned = await pipeline.TuneAsync(ml, split.TrainSet, tuning =>
        {
            var task = tuning.Regression(prices.Label).Minimize(metrics => metrics.RootMeanSquaredError).CrossValidate(arguments.Folds);
            task = arguments.Tuner switch
            {
                "portfolio" => task.UsePortfolio(),
                "bayesian" => task.UseBayesian(),
                "random" => task.UseRandom(),
                _ => throw new FormatException($"There is no tuner '{arguments.Tuner}'."),
            };
            if (arguments.Fits is { } fits)
                task = task.StopWhen((study, _) => study.Trials.Sum(trial => trial.Reports.Count) + arguments.Folds > fits ? $"another whole trial may be more than {fits} fits" : null);
            return Also(Ways.Apply(way, task.WithSeed(seed).ForTrials(arguments.Trials)));
        });
        var view = tuned.Study.View;
        return (tuned, Record with
        {
            Seconds = clock.Elapsed.TotalSeconds,
            Fits = view.Trials.Sum(trial => trial.Reports.Count),
            Stopped = view.StoppedCount,
            Best = tuned.BestValue,
            Test = tuned.Evaluate(split.TestSet).RootMeanSquaredError,
            Tests = arguments.Verb == "pool" ? [.. view.Trials.Select(trial => Test(tuned, trial.Configuration, split.TestSet, prices.Label))] : [],
            Reports = [.. view.Trials.Select(trial => trial.Reports.Select(report => view.Goal.Flip(report.Loss)).ToImmutableArray())],
        });
    }

    private static double Test(TunedModel<RegressionMetrics> tuned, Configuration configuration, IDataView testSet, string label)
    {
        var model = tuned.Fit(configuration);
        var rmse = new MLContext().Regression.Evaluate(model.Transform(testSet), label).RootMeanSquaredError;
        (model as IDisposable)?.Dispose();
        return rmse;
    }
}
