using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace AutoTune;

/// <summary>Loads the weights of a network that was trained before into one that is not quite the same: with another head, other classes, more layers.</summary>
public static class PretrainedWeights
{
    /// <summary>Loads what fits by name and shape from a file that <c>net.save(path)</c> wrote.</summary>
    /// <param name="net">The network, on its device.</param>
    /// <param name="path">The file.</param>
    /// <returns>What was loaded and what was not.</returns>
    /// <exception cref="InvalidDataException">The file is no saved network, or nothing of it fits.</exception>
    public static LoadedWeights Load(nn.Module net, string path)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var scope = NewDisposeScope();
        using var reader = new BinaryReader(File.OpenRead(path), Encoding.UTF8);
        var state = new Dictionary<string, Tensor>();
        try
        {
            for (var left = reader.Read7BitEncodedInt64(); left > 0; left--)
            {
                var name = reader.ReadString();
                Tensor? tensor = null;
                TensorExtensionMethods.Load(ref tensor, reader);
                state[name] = tensor!;
            }
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or ArgumentException or OverflowException or NotImplementedException or ExternalException)
        {
            throw new InvalidDataException($"The file '{path}' is no network that net.save wrote, or it is cut short: {e.Message}", e);
        }

        return Load(net, state, $"the file '{path}'");
    }

    /// <summary>Loads what fits by name and shape from the state of another network: <c>PretrainedWeights.Load(net, other.state_dict())</c>.</summary>
    /// <param name="net">The network, on its device.</param>
    /// <param name="state">The other's tensors by name.</param>
    /// <returns>What was loaded and what was not.</returns>
    /// <exception cref="InvalidDataException">Nothing of it fits.</exception>
    public static LoadedWeights Load(nn.Module net, IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(state);
        return Load(net, state, "the state that was given");
    }

    private static LoadedWeights Load(nn.Module net, IReadOnlyDictionary<string, Tensor> state, string whence)
    {
        using var none = no_grad();
        var own = net.state_dict();
        List<string> loaded = [], shapes = [], missing = [];
        foreach (var (name, tensor) in own)
        {
            if (!state.TryGetValue(name, out var other)) missing.Add(name);
            else if (!tensor.shape.SequenceEqual(other.shape)) shapes.Add(string.Create(CultureInfo.InvariantCulture, $"{name} ({Text(other)} there, {Text(tensor)} here)"));
            else
            {
                tensor.copy_(other);
                loaded.Add(name);
            }
        }

        var report = new LoadedWeights([.. loaded], [.. shapes], [.. missing], [.. state.Keys.Where(name => !own.ContainsKey(name)).Order(StringComparer.Ordinal)]);
        return loaded.Count > 0 ? report : throw new InvalidDataException($"Nothing of {whence} fits the network {net.GetType().Name}: {report}. Names and shapes must be the same.");
    }

    private static string Text(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
