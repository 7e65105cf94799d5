using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AutoTune.Torch.Loading;

namespace AutoTune;

/// <summary>Makes TorchSharp's native library load on Linux systems whose C++ library is older than GCC 13's: Debian 12, Ubuntu 22.04, RHEL 9.</summary>
/// <remarks>
/// <para>
/// <c>libLibTorchSharp.so</c> of TorchSharp 0.107 asks for version <c>GLIBCXX_3.4.32</c> of the C++ library, for a marker that is never called. Where
/// that is what keeps it from loading, a copy that does without is written to the user's cache folder and loaded; the original stays as it is, and
/// other systems are left alone.
/// </para>
/// <para>It happens by itself when a program first uses anything of AutoTune.Torch. Thread-safe.</para>
/// </remarks>
public static class TorchLibrary
{
    private const string Native = "libLibTorchSharp.so";
    private const string Version = "GLIBCXX_3.4.32";
    private static readonly Lazy<string?> Loaded = new(LoadOnce);

    /// <summary>
    /// Loads it now. A program that uses <c>torch</c> before anything of AutoTune.Torch says this first; after TorchSharp has failed to load once it cannot load any more.
    /// </summary>
    /// <returns>The copy that was loaded; null where TorchSharp's own file loads, or is not there.</returns>
    public static string? Load() => Loaded.Value;

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "TorchSharp fails for good at its first use if nobody has loaded its library by then, and users have no reason to call anything before.")]
    internal static void Initialize() => Load();

    private static string? LoadOnce()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64) return null;
        var folders = ((string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Prepend(AppContext.BaseDirectory).ToList();
        var original = Find(folders, Native);
        if (original is null) return null;
        // Its own dependencies are found beside it; those of the copy must be there already.
        foreach (var name in (string[])["libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"])
        {
            if (Find(folders, name) is { } dependency) NativeLibrary.TryLoad(dependency, out _);
        }

        try
        {
            NativeLibrary.Load(original);
            return null;
        }
        catch (DllNotFoundException e) when (e.Message.Contains($"`{Version}' not found", StringComparison.Ordinal))
        {
            return LoadCopy(original);
        }
        catch (DllNotFoundException)
        {
            return null; // TorchSharp says what it misses.
        }
    }

    private static string? LoadCopy(string original)
    {
        var library = File.ReadAllBytes(original);
        var hash = Convert.ToHexStringLower(SHA256.HashData(library))[..16];
        if (!WeakVersion.Mark(library, Version)) return null;
        foreach (var cache in (string[])[Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), Path.GetTempPath()])
        {
            if (cache.Length == 0) continue;
            var copy = Path.Combine(cache, "AutoTune", "TorchSharp-" + hash, Native);
            try
            {
                Write(copy, library);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue; // A home that cannot be written: the next place.
            }

            return NativeLibrary.TryLoad(copy, out _) ? copy : null;
        }

        return null;
    }

    private static void Write(string copy, byte[] library)
    {
        if (File.Exists(copy) && File.ReadAllBytes(copy).AsSpan().SequenceEqual(library)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        var unfinished = $"{copy}.{Environment.ProcessId}";
        File.WriteAllBytes(unfinished, library);
        File.Move(unfinished, copy, overwrite: true);
        Console.Error.WriteLine($"AutoTune.Torch: this system's C++ library lacks {Version}, which TorchSharp asks for and does not use; a copy of {Native} that does without is kept in {Path.GetDirectoryName(copy)}.");
    }

    private static string? Find(IEnumerable<string> folders, string name) => folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
