// dotnet run -c Release --project examples/LivePrices
//
// A model of prices that keeps learning as diamonds are sold, while AutoTune adapts its learning rate and says why. Stones and prices are real (datasets/diamonds); the market is made to change twice:
// after a third of the sales all prices double, after two thirds buyers begin to prefer the yellow stones.
using System.Globalization;
using AutoTune;
using LivePrices;
using Microsoft.ML;

if (args.Length > 0)
{
    Console.Error.WriteLine($"'{args[0]}' is not understood; this example has no options.");
    return 2;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int batch = 50, batches = 600;
var ml = new MLContext(seed: 1);
var preparation = ml.Transforms.Categorical.OneHotEncoding([new("CutHot", nameof(Diamond.Cut)), new("ColorHot", nameof(Diamond.Color)), new("ClarityHot", nameof(Diamond.Clarity))])
    .Append(ml.Transforms.NormalizeMeanVariance([new("CaratScaled", nameof(Diamond.LogCarat)), new("DepthScaled", nameof(Diamond.Depth)), new("TableScaled", nameof(Diamond.Table))], fixZero: false))
    .Append(ml.Transforms.Concatenate("Features", "CutHot", "ColorHot", "ClarityHot", "CaratScaled", "DepthScaled", "TableScaled"));

using var live = ml.TuneOnline(OnlineTrainer.GradientDescent(nameof(Diamond.LogPrice)), preparation);
var sum = 0.0;
foreach (var sales in Diamond.Sales(batch, batches))
{
    sum += live.Learn(ml.Data.LoadFromEnumerable(sales)); // predicts first, then learns
    foreach (var change in live.Changes.Where(change => change.Batch == live.Batches && change.Kind is OnlineChangeKind.Promoted or OnlineChangeKind.Drift)) Console.WriteLine($"  {change}");
    if (live.Batches % 50 > 0) continue;
    Console.WriteLine($"{live.Examples,6:N0} sales: squared error of the logarithm of the price {sum / 50:F4} over the last 2,500");
    sum = 0;
}

Console.WriteLine($"mean over all: {live.MeanLoss:F4}, at {(double)live.Updates / live.Batches:F1} updates a batch.");
var next = new Diamond(0, "Ideal", "G", "VS1", 61.5f, 56, 0);
var predicted = ml.Data.CreateEnumerable<Prediction>(live.Model.Transform(ml.Data.LoadFromEnumerable([next])), reuseRowObject: false).Single();
Console.WriteLine($"A carat of ideal cut, colour G, clarity VS1 would now fetch {Math.Exp(predicted.Score):N0}.");
return 0;

internal sealed class Prediction
{
    public float Score { get; set; }
}
