// dotnet run -c Release --project tests/AutoTune.Torch.Quality -- overhead   (README.md tells the rest)
using AutoTune;
using AutoTune.Torch.Quality;
using AutoTune.Torch.Quality.Control;

TorchLibrary.Load();
var count = args.Length > 1 && int.TryParse(args[1], out var given) ? given : 5;
switch (args.FirstOrDefault())
{
    case "overhead":
        await Overhead.RunAsync(repeats: 2 * count + 1);
        return 0;
    case "memory":
        await Memory.RunAsync(trials: 200);
        return 0;
    case "costs":
        Costs.Run(count);
        return 0;
    case "decays":
        await Decays.RunAsync(count, first: args.Length > 2 && int.TryParse(args[2], out var seed) ? seed : 0);
        return 0;
    case "kill":
        await Killed.RunAsync(args[1..]);
        return 0;
    case "small":
        await SmallNetwork.RunAsync(trials: args.Length > 1 ? count : 14);
        return 0;
    case "control" when args is [_, "train", var minutes, var file, ..]:
        Pretraining.Run(double.Parse(minutes, System.Globalization.CultureInfo.InvariantCulture), file, args.Length > 4 ? int.Parse(args[4], System.Globalization.CultureInfo.InvariantCulture) : 0);
        return 0;
    case "control" when args is [_, "heights", var minutes, var file, ..]:
        HeightTraining.Run(double.Parse(minutes, System.Globalization.CultureInfo.InvariantCulture), file, args.Length > 4 ? int.Parse(args[4], System.Globalization.CultureInfo.InvariantCulture) : 0);
        return 0;
    case "control":
        await Comparison.RunAsync(count, args.Length > 2 ? args[2] : "", args.Length > 3 ? int.Parse(args[3], System.Globalization.CultureInfo.InvariantCulture) : 0);
        return 0;
    case "online":
        Online.Run(count, args.Length > 2 ? args[2..] : []);
        return 0;
    case "live":
        Online.Story(args[1], 1);
        return 0;
    default:
        Console.WriteLine("""
            AutoTune.Torch.Quality: what tuning a TorchSharp training costs, and what it brings

              overhead [N]   a training in a study against the bare loop, 2 N + 1 pairs
              memory         tensors and resident memory over 200 trials
              costs [N]      estimates of a hypergradient, in training steps
              decays [N] [S] twenty weight decays with and without their hypergradient, N seeds from S on
              small [N]      a network pruned and distilled to half the size and latency, N trials
              control [N]    one training under a learnt controller against tuned schedules, N seeds
              control heights MINUTES FILE  teaches a controller the height of the learning rate
              control train MINUTES FILE    trains the controller that comes with the library
              online [N]     TuneOnline on streams that change against the best fixed setting, N seeds
              live STREAM    what TuneOnline changed and why on one of them
              kill           a study that is killed and resumed, against one that was not
            """);
        return 2;
}
