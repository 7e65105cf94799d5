using System.Globalization;
using AutoTune.Tuners.Racing;

namespace AutoTune.Quality.Racing;

/// <summary>Simulates many studies that race, and counts how often the best trial is lost and how many repeats are saved.</summary>
internal sealed class RacingCommand(CommandLine arguments)
{
    private const int Trials = 20;
    private static readonly double[] Indifferences = [1, 0];

    public void Execute()
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{arguments.Studies} studies of {Trials} trials, a trial at a time, in random order; seed 1."));
        Console.WriteLine("Error: how often the trial to be kept was stopped though nothing within the margin was kept, in %; its level is 5. Saved: repeats that were not run, in %.");
        foreach (var spread in new[] { 0.0, 0.5, 2, 10 })
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nTrue means apart by {spread} deviations of a repeat"));
            Console.Write(Table(spread));
        }
    }

    private string Table(double spread)
    {
        var rows = from noise in Enum.GetValues<RepeatNoise>() from repeats in new[] { 2, 5, 10, 20, 50 } select (noise, repeats);
        string[] header = ["noise", "repeats", .. from keeps in new[] { "of study", "in truth" } from indifference in Indifferences from figure in new[] { $"{keeps}, indifference {indifference}: error", "saved" } select figure,
            "Wilcoxon: error of study", "in truth", "saved"];
        var cells = rows.AsParallel().AsOrdered().WithDegreeOfParallelism(arguments.Parallel).Select(row => Row(row.noise, row.repeats, spread)).ToList();
        return Text(header) + Text(header.Select(_ => "---")) + string.Concat(cells.Select(Text));
    }

    private string[] Row(RepeatNoise noise, int repeats, double spread)
    {
        var tally = new double[5, 3];
        RacingOptions[] options = [.. from keeps in new[] { RaceWinner.OfStudy, RaceWinner.InTruth } from indifference in Indifferences select new RacingOptions { Indifference = indifference, Keeps = keeps }];
        for (var i = 0; i < arguments.Studies; i++)
        {
            var study = SimulatedStudy.Draw(new RandomSource(1).Fork(noise.ToString(), i).Fork("repeats", repeats), Trials, repeats, noise, spread);
            IRacingRule[] rules =
            [
                .. options.Select(option => new RaceRule(option, repeats)),
                new WilcoxonRule(),
            ];
            for (var r = 0; r < rules.Length; r++)
            {
                var (ofStudy, inTruth, saved) = study.Run(rules[r]);
                tally[r, 0] += ofStudy ? 1.0 / arguments.Studies : 0;
                tally[r, 1] += inTruth ? 1.0 / arguments.Studies : 0;
                tally[r, 2] += saved / arguments.Studies;
            }
        }

        return
        [
            noise.ToString(), repeats.ToString(CultureInfo.InvariantCulture), Percent(tally[0, 0]), Percent(tally[0, 2]), Percent(tally[1, 0]), Percent(tally[1, 2]),
            Percent(tally[2, 1]), Percent(tally[2, 2]), Percent(tally[3, 1]), Percent(tally[3, 2]), Percent(tally[4, 0]), Percent(tally[4, 1]), Percent(tally[4, 2]),
        ];
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0}");

    private static string Text(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";
}
