// dotnet run -c Release --project tests/AutoTune.MLNet.Quality -- run --data ames --ways all,early --out ames.jsonl   (README.md tells the rest)
using System.Globalization;
using AutoTune.MLNet.Quality;

try
{
    var arguments = CommandLine.Parse(args);
    switch (arguments.Verb)
    {
        case "run" or "pool":
            foreach (var seed in arguments.Seeds)
            {
                foreach (var way in arguments.Ways)
                {
                    var study = new PriceStudy(arguments, way, seed);
                    if (RunRecord.Read(arguments.Out).Any(done => done.Way == way && done.Pair == study.Record.Pair)) continue;
                    var (_, record) = await study.RunAsync();
                    File.AppendAllText(arguments.Out, record.ToLine() + "\n");
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{record.Data} seed {seed} {way}: {record.Fits} fits, {record.Stopped} stopped, best {record.Best:G6}, test {record.Test:G6}, {record.Seconds:F0} s"));
                }
            }

            return 0;
        default:
            Console.WriteLine(CommandLine.Usage);
            return 2;
    }
}
catch (FormatException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
