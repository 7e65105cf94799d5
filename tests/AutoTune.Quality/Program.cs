using System.Text.Json;
using AutoTune;
using AutoTune.Quality;
using AutoTune.Quality.Architectures;
using AutoTune.Quality.Curves;
using AutoTune.Quality.Ending;
using AutoTune.Quality.Forecasting;
using AutoTune.Quality.Gradients;
using AutoTune.Quality.Measuring;
using AutoTune.Quality.Problems;
using AutoTune.Quality.Racing;
using AutoTune.Quality.Reporting;
using AutoTune.Quality.Simulating;
using AutoTune.Quality.Transferring;

// dotnet run -c Release --project tests/AutoTune.Quality -- run --tuners bayesian --out bayesian.jsonl (README.md tells the rest)
try
{
    var arguments = CommandLine.Parse(args);
    if (arguments.Verb is not ("check" or "run" or "report" or "simulate" or "story" or "curves" or "racing" or "gradients" or "forecast" or "ending" or "transfer" or "architectures"))
    {
        Console.WriteLine(CommandLine.Usage);
        return arguments.Verb is "" or "help" or "--help" ? 0 : 2;
    }

    if (arguments.Verb == "racing")
    {
        new RacingCommand(arguments).Execute();
        return 0;
    }

    if (arguments.Verb == "gradients")
    {
        new GradientsCommand(arguments).Execute(Console.Out);
        return 0;
    }

    if (ProblemFolder.Open(arguments.ProblemsFolder, arguments.Problems) is not { } folder)
    {
        Console.WriteLine("skipped: no ../shared (there is no shared/bench beside the repository; give --problems-folder DIR)");
        return 0;
    }

    switch (arguments.Verb)
    {
        case "check":
            CheckCommand.Execute(folder);
            return 0;
        case "run":
            new RunCommand(arguments, folder).Execute();
            return 0;
        case "simulate":
            await new SimulateCommand(arguments, folder).ExecuteAsync().ConfigureAwait(false);
            return 0;
        case "story":
            await new StoryCommand(arguments, folder).ExecuteAsync(Console.Out).ConfigureAwait(false);
            return 0;
        case "ending":
            Console.Write(new EndingCommand(arguments, folder).Write());
            return 0;
        case "transfer":
            Console.Write(new TransferCommand(arguments, folder).Write());
            return 0;
        case "architectures":
            Console.Write(new ArchitecturesCommand(arguments, folder).Write());
            return 0;
        case "forecast":
            Console.Write(new ForecastCommand(arguments, folder).Write());
            return 0;
        case "curves":
            Console.Write(new CurvesCommand(arguments, folder).Write());
            return 0;
        default:
            Console.Write(new ReportCommand(arguments, folder).Write());
            return 0;
    }
}
catch (Exception error) when (error is ProblemException or StudyDefinitionException or IOException or JsonException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
