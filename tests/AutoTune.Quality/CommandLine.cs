using System.Collections.Immutable;
using System.Globalization;
using AutoTune.Quality.Problems;

namespace AutoTune.Quality;

/// <summary>What was asked for.</summary>
internal sealed record CommandLine
{
    public const string Usage = """
        usage: AutoTune.Quality VERB [options]

        check    proves the evaluators on the problems' check points
        run      checks, runs tuners on problems, writes a JSON line a run
        report   prints regret and ranks beside the peers' files
        simulate runs tuners with schedulers, which may end trials early, on problems with a fidelity in simulated time
        story    simulates one study and tells which trial was paused, resumed or stopped when, and why
        curves   prints what simulated studies reached with which part of full training, beside the peers' files
        ending   when the rule UntilRegretBelowNoise ends noisy studies, and how much was left to gain
        forecast how often the last loss of random configurations lies within the intervals of a forecast from part of their curve
        gradients what tuners make of the gradients of smooth problems, which need no folder; --problems by the beginning of a name
        transfer what the first trials reach on a problem after studies on other tasks of its scenario
        architectures after how many trials tuners find one of the best hundredth of a problem's cells
        racing   simulates studies that race: how often the best is lost, how much is saved

          --problems-folder DIR   the problems; by default ../shared/bench beside the repository
          --problems a,b          only these; by default all
          --tuners x,y            run: which tuners, by default all; report: only these of ours; simulate: by default random
          --schedulers x,y        simulate: each tuner with each of these, by default with all
          --methods x+y,z+y       simulate: these tuners with these schedulers; curves: only these of ours
          --scenarios a,b         transfer: only problems of these, by the name up to its last dash
          --seeds 0-9             also 0,2,5-7; run: by default 0-9; report: only these, ours and the peers'; by default all
          --trials 100            run: trials a study
          --slots 1               run: trials in flight at a time; simulate: also 1,8,64
          --uneven 0.5            simulate: how far configurations differ in the time of a step (the standard deviation of its logarithm), by default 0
          --budget 100            simulate: full trainings' worth of steps a study
          --epochs 10             simulate: reports a training, at equal distances, where a problem has epochs; by default as many as it has
          --parallel N            run: studies at a time; by default one a core
          --out FILE...           run, simulate: the file to write; report, curves: the files to read
          --plots DIR             curves: the folder for a picture of each problem (SVG)
          --bands x+y,z+y         curves: whose quartiles are drawn, by default the best three at the end
          --append                run, simulate: keep the file, do only the runs that it lacks
          --brief                 report, curves: the summary only
          --studies 10000         racing: how many studies a row
        """;

    public string Verb { get; private init; } = "";

    public string? ProblemsFolder { get; private init; }

    public ImmutableArray<string> Problems { get; private init; } = [];

    public ImmutableArray<string> Tuners { get; private init; } = [];

    /// <summary>Empty: all that there are, or 0 to 9 for a run.</summary>
    public ImmutableArray<int> Seeds { get; private init; } = [];

    public int Trials { get; private init; } = 100;

    public ImmutableArray<string> Schedulers { get; private init; } = [];

    public ImmutableArray<string> Methods { get; private init; } = [];

    public ImmutableArray<string> Scenarios { get; private init; } = [];

    public ImmutableArray<string> Bands { get; private init; } = [];

    public ImmutableArray<int> Slots { get; private init; } = [1];

    public int Budget { get; private init; } = 100;

    public double Uneven { get; private init; }

    public int? Epochs { get; private init; }

    public string? Plots { get; private init; }

    public int Parallel { get; private init; } = Environment.ProcessorCount;

    public ImmutableArray<string> Out { get; private init; } = [];

    public bool Append { get; private init; }

    public bool Brief { get; private init; }

    public int Studies { get; private init; } = 10_000;

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ProblemException">One is unknown, or has no value, or not a number where one is needed.</exception>
    public static CommandLine Parse(string[] arguments)
    {
        var result = new CommandLine { Verb = arguments.FirstOrDefault("") };
        for (var i = 1; i < arguments.Length;)
        {
            var option = arguments[i++];
            var values = new List<string>();
            while (i < arguments.Length && !arguments[i].StartsWith("--", StringComparison.Ordinal)) values.Add(arguments[i++]);
            var list = values.SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries)).ToImmutableArray();
            result = option switch
            {
                "--append" => result with { Append = true },
                "--brief" => result with { Brief = true },
                _ when values.Count == 0 => throw new ProblemException($"Option {option} has no value.\n\n{Usage}"),
                "--problems-folder" => result with { ProblemsFolder = values[0] },
                "--problems" => result with { Problems = list },
                "--tuners" => result with { Tuners = list },
                "--seeds" => result with { Seeds = [.. list.SelectMany(Range).Distinct()] },
                "--trials" => result with { Trials = Number(values[0]) },
                "--schedulers" => result with { Schedulers = list },
                "--methods" => result with { Methods = list },
                "--scenarios" => result with { Scenarios = list },
                "--bands" => result with { Bands = list },
                "--slots" => result with { Slots = [.. list.Select(Number).Distinct()] },
                "--budget" => result with { Budget = Number(values[0]) },
                "--uneven" => result with { Uneven = double.TryParse(values[0], CultureInfo.InvariantCulture, out var spread) && spread >= 0 ? spread : throw new ProblemException($"'{values[0]}' must be a number of 0 or more.") },
                "--epochs" => result with { Epochs = Number(values[0]) },
                "--plots" => result with { Plots = values[0] },
                "--parallel" => result with { Parallel = Number(values[0]) },
                "--studies" => result with { Studies = Number(values[0]) },
                "--out" => result with { Out = [.. result.Out, .. values] },
                _ => throw new ProblemException($"There is no option {option}.\n\n{Usage}"),
            };
        }

        return result.Verb is "run" or "simulate" && result.Seeds.IsEmpty ? result with { Seeds = [.. Range("0-9")] } : result;

        int Number(string text) => Whole(text) is > 0 and var number ? number : throw new ProblemException($"'{text}' must be a whole number above 0.");
    }

    private static IEnumerable<int> Range(string text)
    {
        var ends = text.Split('-');
        var (first, last) = (Whole(ends[0]), Whole(ends[^1]));
        return ends.Length <= 2 && first >= 0 && last >= first
            ? Enumerable.Range(first, last - first + 1)
            : throw new ProblemException($"Seeds '{text}' must be like 3 or 0-9.");
    }

    private static int Whole(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
