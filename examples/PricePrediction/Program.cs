// Tunes a price predictor on real data and shows what the tuning was worth on rows that the search never saw.
//   dotnet run -c Release --project examples/PricePrediction -- [--data ames|diamonds] [--trainer lightgbm|fasttree|any] [--tuner portfolio|bayesian|random]
//       [--trials 60] [--minutes 1.5] [--slots 2] [--workers 2] [--seed 1] [--stop-early] [--fresh]
using AutoTune;
using AutoTune.Journals;
using Microsoft.ML;
using PricePrediction;

if (!Options.TryParse(args, out var options, out var problem))
{
    Console.Error.WriteLine(problem);
    return 2;
}

var ml = new MLContext(seed: options.Seed);
var prices = PriceData.Load(ml, options.Data);
var split = ml.Data.TrainTestSplit(prices.Rows, testFraction: 0.2, seed: 1);

// The pipeline: text columns become numbers, and a trainer with its ready-made space stands at the end.
var trainers = ml.Regression.Trainers.Tunable();
var pipeline = ml.Transforms.Categorical.OneHotEncoding([.. prices.TextColumns.Select(name => new InputOutputColumnPair(name))])
    .Append(ml.Transforms.Concatenate("Features", [.. prices.TextColumns, .. prices.NumberColumns]))
    .AppendTunable(options.Trainer switch
    {
        "lightgbm" => trainers.LightGbm(prices.Label),
        "fasttree" => trainers.FastTree(prices.Label),
        _ => trainers.AnyOf(t => t.LightGbm(prices.Label), t => t.FastTree(prices.Label)),
    });

try
{
    using var ctrlC = new ConsoleCancellation();
    var tuned = await pipeline.TuneAsync(ml, split.TrainSet, tuning =>
    {
        var task = tuning.Regression(prices.Label).Minimize(metrics => metrics.RootMeanSquaredError).CrossValidate(folds: 5);
        task = options.Tuner switch
        {
            "random" => task.UseRandom(),
            "bayesian" => task.UseBayesian(),
            _ => task.UsePortfolio(),
        };
        if (options.StopsEarly) task = task.StopEarly();
        task = options.Workers != 0 ? task.InWorkerProcesses(options.Workers) : task.WithSlots(options.Slots);
        return task.ForTrials(options.Trials).ForAtMost(options.Time).SaveTo(Options.StudyFile).ShowProgress();
    }, name: options.StudyName, ctrlC.Token);

    Console.WriteLine();
    Comparison.Show(tuned, split.TestSet, prices.Label);
    tuned.Study.Show();

    ml.Model.Save(tuned.Model, split.TrainSet.Schema, options.ModelFile);
    Console.WriteLine($"Model  {options.ModelFile}");
    Console.WriteLine($"Study  {Options.StudyFile}\n       run again with more --trials to go on, with --fresh to begin anew");
    return 0;
}
catch (Exception error) when (error is StudyDefinitionException or StudyFailedException or WorkerProcessException or JournalException or OperationCanceledException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
