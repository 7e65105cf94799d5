using System.Diagnostics;
using System.Globalization;
using AutoTune;
using Microsoft.ML;
using Microsoft.ML.Data;
using Spectre.Console;

namespace PricePrediction;

/// <summary>The trainer's defaults against the tuned configuration, on rows that the search never saw.</summary>
internal static class Comparison
{
    public static void Show(TunedModel<RegressionMetrics> tuned, IDataView testSet, string label)
    {
        var defaults = Measure(tuned, tuned.Study.View.Space.Default, testSet, label);
        var best = Measure(tuned, tuned.Configuration, testSet, label);
        var table = new Table().Title("Held-out rows").Border(TableBorder.Rounded).AddColumn("");
        foreach (var column in new[] { "defaults", "tuned", "change" }) table.AddColumn(new TableColumn(column).RightAligned());
        Row(table, "RMSE", defaults.Rmse, best.Rmse, "N0");
        Row(table, "R²", defaults.RSquared, best.RSquared, "N4");
        Row(table, "MAE", defaults.Mae, best.Mae, "N0");
        Row(table, "training, s", defaults.TrainingSeconds, best.TrainingSeconds, "N2");
        Row(table, "prediction, µs a row", defaults.PredictionMicroseconds, best.PredictionMicroseconds, "N2");
        AnsiConsole.Write(table);
    }

    private static void Row(Table table, string name, double defaults, double tuned, string format) => table.AddRow(name,
        defaults.ToString(format, CultureInfo.InvariantCulture), tuned.ToString(format, CultureInfo.InvariantCulture),
        (tuned / defaults - 1).ToString("+0.0%;-0.0%", CultureInfo.InvariantCulture));

    private static Figures Measure(TunedModel<RegressionMetrics> tuned, Configuration configuration, IDataView testSet, string label)
    {
        var clock = Stopwatch.StartNew();
        var model = tuned.Fit(configuration);
        var training = clock.Elapsed;
        clock.Restart();
        var predictions = model.Transform(testSet);
        var rows = predictions.GetColumn<float>("Score").Count();
        var prediction = clock.Elapsed;
        var metrics = new MLContext().Regression.Evaluate(predictions, label);
        return new Figures(metrics.RootMeanSquaredError, metrics.RSquared, metrics.MeanAbsoluteError, training.TotalSeconds, prediction.TotalMicroseconds / rows);
    }

    private sealed record Figures(double Rmse, double RSquared, double Mae, double TrainingSeconds, double PredictionMicroseconds);
}
