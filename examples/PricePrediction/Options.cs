using System.Globalization;
using AutoTune;

namespace PricePrediction;

/// <summary>The command line.</summary>
internal sealed record Options
{
    private const string Usage = "Usage: --data diamonds|ames --trainer lightgbm|fasttree|any --tuner portfolio|bayesian|random --trials N --minutes N --slots N --workers N --seed N --stop-early --fresh";

    public string Data { get; private init; } = "ames";

    public string Trainer { get; private init; } = LightGbmLibrary.IsAvailable ? "lightgbm" : "fasttree";

    public string Tuner { get; private init; } = "portfolio";

    public int Trials { get; private init; } = 60;

    public TimeSpan Time { get; private init; } = TimeSpan.FromMinutes(1.5);

    public int Slots { get; private init; } = Math.Clamp(Environment.ProcessorCount, 1, 4);

    /// <summary>How many processes evaluate trials; 0: threads of this one, see <see cref="Slots"/>.</summary>
    public int Workers { get; private init; }

    public int Seed { get; private init; } = 1;

    /// <summary>Whether the folds of hopeless configurations are saved.</summary>
    public bool StopsEarly { get; private init; }

    public string StudyName => $"{Data} {Trainer} {Tuner} seed {Seed.ToString(CultureInfo.InvariantCulture)}{(StopsEarly ? " stopped early" : "")}";

    public static string StudyFile => Path.Combine(Folder, "studies.db");

    public string ModelFile => Path.Combine(Folder, $"{Data}.zip");

    private static string Folder => Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "PricePrediction")).FullName;

    public static bool TryParse(string[] args, out Options options, out string problem)
    {
        options = new Options();
        problem = "";
        var isFresh = false;
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--fresh")
            {
                isFresh = true;
                continue;
            }

            if (args[i] == "--stop-early")
            {
                options = options with { StopsEarly = true };
                continue;
            }

            if (i + 1 == args.Length)
            {
                problem = $"'{args[i]}' is no switch, or its value is missing. {Usage}";
                return false;
            }

            var (name, value) = (args[i], args[++i]);
            var isWhole = int.TryParse(value, CultureInfo.InvariantCulture, out var whole);
            var isNumber = double.TryParse(value, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 1e6;
            var next = name switch
            {
                "--data" when value is "diamonds" or "ames" => options with { Data = value },
                "--trainer" when value is "lightgbm" or "fasttree" or "any" => options with { Trainer = value },
                "--tuner" when value is "portfolio" or "bayesian" or "random" => options with { Tuner = value },
                "--trials" when isWhole => options with { Trials = whole },
                "--minutes" when isNumber => options with { Time = TimeSpan.FromMinutes(number) },
                "--slots" when isWhole => options with { Slots = whole },
                "--workers" when isWhole => options with { Workers = whole },
                "--seed" when isWhole => options with { Seed = whole },
                _ => null,
            };
            if (next is null)
            {
                var wants = name switch
                {
                    "--trials" or "--slots" or "--workers" or "--seed" => "needs a whole number",
                    "--minutes" => "needs a number",
                    "--data" or "--trainer" or "--tuner" => "is none of the choices",
                    _ => "is not understood",
                };
                problem = $"'{name} {value}' {wants}. {Usage}";
                return false;
            }

            options = next;
        }

        // Only now: a slip in the rest of the line must not cost the studies. And not in a worker, which has the same line.
        if (isFresh && !WorkerProcess.IsCurrent) DeleteStudies();
        return true;
    }

    private static void DeleteStudies()
    {
        foreach (var file in Directory.EnumerateFiles(Folder, "studies.db*")) File.Delete(file);
        var artifacts = Path.Combine(Folder, "studies.artifacts");
        if (Directory.Exists(artifacts)) Directory.Delete(artifacts, recursive: true);
    }
}
