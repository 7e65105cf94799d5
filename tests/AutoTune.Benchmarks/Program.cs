using AutoTune.Benchmarks.Asks;
using AutoTune.Benchmarks.Readers;
using AutoTune.Benchmarks.Workers;
using BenchmarkDotNet.Running;

// dotnet run -c Release --project tests/AutoTune.Benchmarks -- --filter '*Space*' [--job short]
// dotnet run -c Release --project tests/AutoTune.Benchmarks -- readers [--readers 8] [--repeats 5] [--seconds 2] [--loads full,wait-1,wait-5,compute-1,compute-5]
// dotnet run -c Release --project tests/AutoTune.Benchmarks -- workers
// dotnet run -c Release --project tests/AutoTune.Benchmarks -- asks ["10 reals" [TPE]]
// The last three are no benchmarks of BenchmarkDotNet's: two need processes beside the one that is measured, this program started again as "reader", or as a worker;
// asks measures the processor's time, for a table that a busy machine does not blur.
switch (args)
{
    case ["reader"]:
        ReaderProcess.Run(Console.In, Console.Out);
        break;
    case ["readers", .. var options]:
        await ReaderMeasurement.RunAsync(ReaderOptions.Parse(options), Console.Out);
        break;
    case ["workers"]:
        await RoundTrips.RunAsync(Console.Out);
        break;
    case ["asks", var space]:
        AskTable.Write(AskedStudy.Tuners.Select(tuner => tuner.Name), space, Console.Out);
        break;
    case ["asks", var space, var tuner]:
        AskTable.Write([tuner], space, Console.Out);
        break;
    case ["asks"]:
        AskTable.WriteSearch("TPE", "40 reals", 1_000, Console.Out);
        AskTable.WriteSearch("Bayesian", "10 reals", 250, Console.Out);
        foreach (var name in new[] { "10 reals", "mixed", "conditional" }) AskTable.Write(AskedStudy.Tuners.Select(tuner => tuner.Name), name, Console.Out);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}
