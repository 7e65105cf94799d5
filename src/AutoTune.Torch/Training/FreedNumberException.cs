using System.Runtime;
using System.Runtime.InteropServices;

namespace AutoTune.Torch.Training;

/// <summary>The garbage collector had freed a number while libtorch was about to read it: another attempt at the trial is likely to succeed.</summary>
/// <remarks>
/// TorchSharp 0.107 hands numbers to libtorch as objects that have a finalizer, and keeps none of them alive during the call. One that a collection finds between the two is freed, and libtorch reads what has become of
/// it. Each optimizer's step does so some times. An <see cref="IOException"/>, since studies try trials that end by one again unless they say otherwise.
/// </remarks>
internal sealed class FreedNumberException(TrialId trial, ExternalException inner)
    : IOException($"{trial}: TorchSharp let a number be freed while libtorch read it (\"{NativeError.Words(inner)}\"), which happens once in a while on a machine that is busy; another attempt is likely to succeed.", inner)
{
    private static readonly string[] Words = ["Unknown scalar type", "Expected false to be true, but got false"];

    /// <summary>Turns collections in the background off for the process, which come at any time; others come when a thread makes something, which one that trains does not do while it waits for libtorch.</summary>
    public static void Avoid()
    {
        if (GCSettings.LatencyMode == GCLatencyMode.Interactive) GCSettings.LatencyMode = GCLatencyMode.Batch;
    }

    public static bool IsMeantBy(ExternalException error) => Words.Any(words => error.Message.StartsWith(words, StringComparison.Ordinal));
}
