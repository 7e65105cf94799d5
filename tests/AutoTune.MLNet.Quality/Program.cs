// dotnet run -c Release --project tests/AutoTune.MLNet.Quality -- run --data ames --ways all,racing --out ames.jsonl   (README.md tells the rest)
using System.Globalization;
using AutoTune.MLNet.Quality;
using AutoTune;

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
        case "replay":
            List<RunRecord> replayed = [];
            foreach (var pool in RunRecord.Read(arguments.Out).Where(run => !run.Tests.IsEmpty))
            {
                foreach (var seed in arguments.Seeds)
                {
                    foreach (var way in arguments.Ways) replayed.Add(await Replay.RunAsync(pool, way, seed, arguments.Trials));
                }
            }

            Console.Write(Report.Of(replayed, arguments.Ways[0]));
            return 0;
        case "report":
            Console.Write(Report.Of([.. RunRecord.Read(arguments.Out)], arguments.Ways[0]));
            return 0;
        case "growth":
            foreach (var kind in new[] { "samples", "trees" })
            {
                var ranks = new GrowthRanks();
                var grown = new PriceStudy(arguments, "all", arguments.Seeds[0]) { Also = tuning => ranks.Watch(kind == "samples" ? tuning.GrowSamples() : tuning.GrowTrees()) };
                Console.WriteLine($"{arguments.Data}, growing {kind}, {arguments.Trials} trials, {arguments.Folds} folds");
                Console.Write(ranks.Of((await grown.RunAsync()).Tuned.Study.View));
            }

            return 0;
        case "online":
            OnlineAgainstFixed.Run(arguments.Seeds, arguments.Ways is ["all", "racing"] ? [.. OnlineStreams.All.Select(stream => stream.Name)] : arguments.Ways);
            return 0;
        case "story":
            var (tuned, told) = await new PriceStudy(arguments, arguments.Ways[^1], arguments.Seeds[0]).RunAsync();
            Console.Write(Story.Of(tuned));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{told.Fits} fits; RMSE of the final model on rows that the study never saw: {told.Test:F0}"));
            tuned.Study.Show();
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
