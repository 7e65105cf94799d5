using System.Runtime.InteropServices;

namespace AutoTune.Torch.Training;

/// <summary>libtorch's errors in words.</summary>
internal static class NativeError
{
    /// <summary>Where its messages go over to the frames of its stack, dozens of lines that nobody can act upon.</summary>
    private const string Frames = "Exception raised from";

    /// <summary>The message without its frames.</summary>
    public static string Words(ExternalException error) => error.Message.IndexOf(Frames, StringComparison.Ordinal) is > 0 and var end ? error.Message[..end].TrimEnd() : error.Message.TrimEnd();
}
