// Which k, which distance and which weighting suit a nearest-neighbour classifier of irises?
using System.Globalization;
using AutoTune;

var irises = File.ReadLines(Path.Combine(DataSets(), "iris", "iris.csv")).Skip(1).Select(line => line.Split(','))
    .Select(cells => (Features: cells[..4].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray(), Species: cells[4])).ToArray();

using var ctrlC = new ConsoleCancellation();
var result = await Tune.Study("irises").Maximize("accuracy").ForTrials(60).RunAsync(LeaveOneOutAccuracy, ctrlC.Token);
result.Show();

double LeaveOneOutAccuracy(ITrialContext trial)
{
    var k = trial.Integer("neighbours", 1, 60, Scale.Log);
    var power = trial.Real("power", 0.5, 8, Scale.Log);           // 1 is Manhattan, 2 is Euclid
    var byDistance = trial.Boolean("weighted");
    var petals = trial.Real("petals", 0.1, 10, Scale.Log);         // against the sepals'
    return irises.Average(iris => Species(iris.Features) == iris.Species ? 1.0 : 0.0);

    string Species(double[] features) => irises.Where(other => other.Features != features)
        .Select(other => (other.Species, Distance: Distance(features, other.Features))).OrderBy(other => other.Distance).Take(k)
        .GroupBy(other => other.Species).MaxBy(group => group.Sum(other => byDistance ? 1 / (other.Distance + 1e-9) : 1))!.Key;

    double Distance(double[] a, double[] b) => Enumerable.Range(0, 4).Sum(i => Math.Pow((i < 2 ? 1 : petals) * Math.Abs(a[i] - b[i]), power));
}

// The folder datasets of the repository, from wherever the program was started.
static string DataSets()
{
    for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        if (Directory.Exists(Path.Combine(folder.FullName, "datasets"))) return Path.Combine(folder.FullName, "datasets");
    throw new DirectoryNotFoundException("There is no folder 'datasets' above the program; run it within the repository.");
}
