// The other process of the tests of worker processes: what its arguments say, as a worker or as the one that has workers.
using AutoTune;
using AutoTune.Testing;
using AutoTune.Workers.Program;

switch (args)
{
    case ["conformance"]:
        await ProgramStudies.Conformance.RunAsync(new ConformanceObjective());
        return 1; // in a worker never reached
    case ["mixed"]:
        await ProgramStudies.Toy().RunAsync(ProgramStudies.Mixed);
        return 1;
    case ["declaring"]:
        await ProgramStudies.Declaring.RunAsync(ProgramStudies.Declares);
        return 1;
    case ["toy", var behaviour]:
        await ProgramStudies.Toy().RunAsync((trial, token) => Task.FromResult(Misbehaviour.Evaluate(behaviour, trial, token)));
        return 1;
    case ["another seed"]:
        await ProgramStudies.Toy().WithSeed(6).RunAsync(ProgramStudies.Mixed);
        return 1;
    case ["no study"]:
        Console.WriteLine("nothing to tune here");
        return 7;
    case ["no end"]:
        Console.WriteLine("thinking");
        await Task.Delay(Timeout.Infinite);
        return 1;
    case ["tells", var folder]:
        await ProgramStudies.Toy().ForTrials(9).SaveArtifactsIn(folder).InWorkerProcesses(2)
            .RunAsync((trial, token) => Task.FromResult(Misbehaviour.Evaluate("tells", trial, token)));
        return 0;
    case ["several studies"]:
        return await SeveralStudies.RunAsync();
    case ["declaring studies"]:
        return await SeveralStudies.RunDeclaringAsync();
    default:
        Console.Error.WriteLine($"unknown: {string.Join(' ', args)}");
        return 2;
}
