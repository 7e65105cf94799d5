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

    private static readonly Lock Lock = new();
    private static int _scopes;
    private static bool _isOff;

    /// <summary>
    /// Turns collections in the background off for the process, which come at any time; others come when a thread makes something, which one that trains does not do while it waits for libtorch.
    /// They are on again when the last study that trains here has ended, and the last training, which may outlive its study.
    /// </summary>
    /// <returns>What to dispose at the end.</returns>
    public static IDisposable Avoid() => new Scope();

    public static bool IsMeantBy(ExternalException error) => Words.Any(words => error.Message.StartsWith(words, StringComparison.Ordinal));

    private sealed class Scope : IDisposable
    {
        private bool _isDisposed;

        public Scope()
        {
            lock (Lock)
            {
                _scopes++;
                if (GCSettings.LatencyMode != GCLatencyMode.Interactive) return; // off already, or as the program wants it
                GCSettings.LatencyMode = GCLatencyMode.Batch;
                _isOff = true;
            }
        }

        public void Dispose()
        {
            lock (Lock)
            {
                if (_isDisposed) return;
                _isDisposed = true;
                if (--_scopes > 0 || !_isOff) return;
                _isOff = false;
                if (GCSettings.LatencyMode == GCLatencyMode.Batch) GCSettings.LatencyMode = GCLatencyMode.Interactive;
            }
        }
    }
}
