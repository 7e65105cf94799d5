using BenchmarkDotNet.Running;

// dotnet run -c Release --project tests/AutoTune.Benchmarks -- --filter '*Space*' [--job short]
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
