using AutoTune.Benchmarks.Readers;
using BenchmarkDotNet.Running;

// dotnet run -c Release --project tests/AutoTune.Benchmarks -- --filter '*Space*' [--job short]
// dotnet run -c Release --project tests/AutoTune.Benchmarks -- readers [--readers 8] [--repeats 5] [--seconds 2] [--loads full,wait-1,wait-5,compute-1,compute-5]
// The second is no benchmark of BenchmarkDotNet's, as it needs processes beside the one that is measured: this program started again as "reader".
switch (args)
{
    case ["reader"]:
        ReaderProcess.Run(Console.In, Console.Out);
        break;
    case ["readers", .. var options]:
        await ReaderMeasurement.RunAsync(ReaderOptions.Parse(options), Console.Out);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        break;
}
