using System.Runtime.InteropServices;
using TorchSharp;

namespace AutoTune;

/// <summary>A training needed more memory than its device has: the trial fails, the study goes on, and its tuner learns that the configuration is too large.</summary>
public sealed class TorchMemoryException : Exception
{
    internal TorchMemoryException(string who, torch.Device device, Exception inner)
        : base($"{who} ran out of memory on {device}: {inner.Message.Split('\n')[0].Trim()} A smaller batch or network fits; where several trials share the device, run fewer at a time.", inner) { }

    /// <summary>Whether an error is libtorch's lack of memory, for which it has no exception of its own.</summary>
    internal static bool IsMeantBy(Exception error) => error is OutOfMemoryException || (error is ExternalException && Words.Any(words => error.Message.Contains(words, StringComparison.OrdinalIgnoreCase)));

    private static readonly string[] Words = ["out of memory", "can't allocate memory", "not enough memory"];
}
