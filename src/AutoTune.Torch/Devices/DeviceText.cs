using TorchSharp;

namespace AutoTune.Torch.Devices;

/// <summary>Devices by name: "cpu", "cuda", "cuda:1".</summary>
internal static class DeviceText
{
    /// <summary>What is wrong with a device's name on this machine; null if nothing is.</summary>
    public static string? Problem(string name)
    {
        if (name == "cpu") return null;
        if (name != "cuda" && !(name.StartsWith("cuda:", StringComparison.Ordinal) && uint.TryParse(name.AsSpan(5), out _)))
            return $"device '{name}' is not known; say \"cpu\", \"cuda\" or \"cuda:0\".";
        var count = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        var index = name.Length > 5 ? int.Parse(name.AsSpan(5), System.Globalization.CultureInfo.InvariantCulture) : 0;
        return index < count ? null
            : $"device '{name}' is not there, this machine offers {(count == 0 ? "no CUDA device (or the program has a libtorch without CUDA)" : $"cuda:0 to cuda:{count - 1}")}; "
              + "leave TorchOptions.Devices out to use what there is.";
    }
}
