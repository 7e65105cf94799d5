using TorchSharp;

namespace AutoTune.Torch.Devices;

/// <summary>libtorch's random state, of the CPU and of all CUDA devices.</summary>
internal static class RandomState
{
    /// <summary>Sets it. <c>torch.manual_seed</c> of TorchSharp 0.107 sets that of the CPU alone.</summary>
    public static void Set(long seed)
    {
        using var generator = torch.manual_seed(seed);
        if (torch.cuda.is_available()) torch.cuda.manual_seed_all(seed);
    }
}
