using AutoTune.Benchmarks.Readers;
using AutoTune.Benchmarks.Workers;
using BenchmarkDotNet.Running;

// dotnet run -c Release --project tests/AutoTune.Benchmarks -- --filter '*Space*' [--job short]
// dotnet run -c Release --project tests/AutoTune.Benchmarks -- readers [--readers 8] [--repeats 5] [--seconds 2] [--loads full,wait-1,wait-5,compute-1,compute-5]
// dotnet run -c Release --project tests/AutoTune.Benchmarks -- workers
// The last two are no benchmarks of BenchmarkDotNet's, as they need processes beside the one that is measured: this program started again as "reader", or as a worker.
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
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}
