using System.Globalization;
using AutoTune;
using AutoTune.Faults;

// dotnet run -c Release --project tests/AutoTune.Faults [-- --kills 500]
// Ends with 0 if every study came through. A child is this program started again: it runs one study, and is what gets killed.
if (args is ["child", ..])
{
    Child.Run(ChildTask.Parse(args));
    return 0;
}

if (args is ["workers", var workers])
{
    var row = new WorkerKillFault(Directory.CreateTempSubdirectory("autotune-faults-").FullName, new RandomSource(1)).Run(int.Parse(workers, CultureInfo.InvariantCulture));
    Console.WriteLine(row);
    return row.Passed ? 0 : 1;
}

var kills = args is ["--kills", var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 500;
return Campaign.Run(kills, Console.Out) ? 0 : 1;
