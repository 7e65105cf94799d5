using System.Collections.Immutable;
using System.Globalization;

namespace AutoTune.MLNet.Quality;

/// <summary>What was asked for.</summary>
internal sealed record CommandLine
{
    public const string Usage = """
        usage: AutoTune.MLNet.Quality VERB [options]

        run      tunes LightGBM on real prices, writes a JSON line a study
        report   compares the ways of a file, seed by seed, with the first
        pool     as run, and tests the model of every trial
        replay   studies over the trials of a pool (--tuner random), without a fit: seeds draw which, and in which order
        growth   how well a ninth and a third of the rows, or of the trees, rank configurations (--tuner random)
        online   TuneOnline on streams that change (--ways abrupt,gradual,recurring,none,classes,diamonds,cleaned) against the best fixed setting
        story    one study: which trial was stopped when, and why

          --data ames|diamonds    which prices; by default ames
          --every 1               only every n-th row
          --ways all,racing       how trials are ended; by default all (every trial runs to its end) and racing (UseRacing); also strict (racing, nothing indifferent), median, asha
          --seeds 0-9             run: also 0,2,5-7
          --trials 60             trials a study
          --fits 180              run: fits a study besides: it ends where another whole trial might be one too many, however many trials that were; by default no such limit
          --folds 5               folds of the cross-validation
          --tuner portfolio       or bayesian, random
          --out FILE              run, pool: the file to append to, runs that it has are left out; report, replay: the file to read
        """;

    public string Verb { get; private init; } = "";

    public string Data { get; private init; } = "ames";

    public int Every { get; private init; } = 1;

    public ImmutableArray<string> Ways { get; private init; } = ["all", "racing"];

    public ImmutableArray<int> Seeds { get; private init; } = [.. Enumerable.Range(0, 10)];

    public int Trials { get; private init; } = 60;

    public int? Fits { get; private init; }

    public int Folds { get; private init; } = 5;

    public string Tuner { get; private init; } = "portfolio";

    public string Out { get; private init; } = "mlnet.jsonl";

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="FormatException">One is unknown, or has no value, or not a number where one is needed.</exception>
    public static CommandLine Parse(string[] arguments)
    {
        var result = new CommandLine { Verb = arguments.FirstOrDefault("") };
        for (var i = 1; i < arguments.Length; i += 2)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : throw new FormatException($"Option {arguments[i]} has no value.\n\n{Usage}");
            result = arguments[i] switch
            {
                "--data" => result with { Data = value },
                "--every" => result with { Every = Number(value) },
                "--ways" => result with { Ways = [.. value.Split(',')] },
                "--seeds" => result with { Seeds = [.. value.Split(',').SelectMany(Range)] },
                "--trials" => result with { Trials = Number(value) },
                "--fits" => result with { Fits = Number(value) },
                "--folds" => result with { Folds = Number(value) },
                "--tuner" => result with { Tuner = value },
                "--out" => result with { Out = value },
                _ => throw new FormatException($"There is no option {arguments[i]}.\n\n{Usage}"),
            };
        }

        return result;
    }

    private static IEnumerable<int> Range(string text)
    {
        var ends = text.Split('-').Select(Number).ToArray();
        return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
