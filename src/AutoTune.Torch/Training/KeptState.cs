using System.Globalization;
using System.Text;
using TorchSharp;
using TorchSharp.Modules;

namespace AutoTune.Torch.Training;

/// <summary>One thing that a checkpoint keeps.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">What it is made of: a checkpoint of something else is refused before its first byte is read.</param>
/// <param name="Save">Writes it.</param>
/// <param name="Load">Reads it.</param>
internal sealed record KeptState(string Name, Func<string> Shape, Action<BinaryWriter> Save, Action<BinaryReader> Load)
{
    public static KeptState Of(string name, torch.nn.Module module) => new(name, () => ShapeOf(module), writer => module.save(writer), reader => module.load(reader));

    // An optimizer that has not taken a step has no state worth reading, and some refuse it.
    public static KeptState Of(string name, OptimizerHelper optimizer) => new(name, () => ShapeOf(optimizer), optimizer.save_state_dict, optimizer.load_state_dict);

    private static string ShapeOf(torch.nn.Module module)
    {
        var text = new StringBuilder(module.GetName());
        foreach (var (name, tensor) in module.state_dict()) text.Append(CultureInfo.InvariantCulture, $"; {name} [{string.Join(", ", tensor.shape)}] {tensor.dtype}");
        return text.ToString();
    }

    private static string ShapeOf(OptimizerHelper optimizer)
        => $"{optimizer.GetType().Name} of {string.Join(", ", optimizer.parameters().Select(parameter => $"[{string.Join(", ", parameter.shape)}]"))}";
}
