using System.Runtime.InteropServices;

namespace AutoTune;

/// <summary>Whether LightGBM can run on this machine: on Linux it needs the OpenMP library of GCC, which a bare system lacks.</summary>
public static class LightGbmLibrary
{
    /// <summary>Whether it can. Thread-safe.</summary>
    public static bool IsAvailable { get; } = !OperatingSystem.IsLinux() || NativeLibrary.TryLoad("libgomp.so.1", out _);

    /// <exception cref="InvalidOperationException">It cannot.</exception>
    internal static void Demand()
    {
        if (!IsAvailable)
            throw new InvalidOperationException("LightGBM needs libgomp.so.1, which this machine lacks; install it (Debian, Ubuntu: apt-get install libgomp1; Fedora: dnf install libgomp), or use FastTree.");
    }
}
