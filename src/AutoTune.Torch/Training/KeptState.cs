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
    /// <summary>Notes the hyperparameters that it has now, to give them back when it was loaded from another configuration's checkpoint; null: it has none.</summary>
    public Func<Action>? Hyperparameters { get; init; }

    public static KeptState Of(string name, torch.nn.Module module) => new(name, () => ShapeOf(module), writer => module.save(writer), reader => module.load(reader));

    public static KeptState Of(string name, OptimizerHelper optimizer) => new(name, () => ShapeOf(optimizer), optimizer.save_state_dict, optimizer.load_state_dict)
    {
        Hyperparameters = () => HyperparametersOf(optimizer),
    };

    private static string ShapeOf(torch.nn.Module module)
    {
        var text = new StringBuilder(module.GetName());
        foreach (var (name, tensor) in module.state_dict()) text.Append(CultureInfo.InvariantCulture, $"; {name} [{string.Join(", ", tensor.shape)}] {tensor.dtype}");
        return text.ToString();
    }

    private static string ShapeOf(OptimizerHelper optimizer)
        => $"{optimizer.GetType().Name} of {string.Join(", ", optimizer.parameters().Select(parameter => $"[{string.Join(", ", parameter.shape)}]"))}";

    /// <summary>TorchSharp saves an optimizer's hyperparameters with its state; those of a copied checkpoint are another trial's.</summary>
    private static Action HyperparametersOf(OptimizerHelper optimizer)
    {
        var own = optimizer.state_dict().Options.Select(options =>
        {
            using var stream = new MemoryStream();
            using var writer = new BinaryWriter(stream);
            options.SaveStateDict(writer);
            return stream.ToArray();
        }).ToList();
        return () =>
        {
            foreach (var (options, saved) in optimizer.state_dict().Options.Zip(own))
            {
                // Where a schedule had taken the rate to stays, as a share of the initial one.
                var share = options.InitialLearningRate > 0 ? options.LearningRate / options.InitialLearningRate : 1;
                using var reader = new BinaryReader(new MemoryStream(saved));
                options.LoadStateDict(reader);
                options.LearningRate = options.InitialLearningRate * share;
            }
        };
    }
}
