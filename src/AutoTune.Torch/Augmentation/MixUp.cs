using TorchSharp;

namespace AutoTune.Torch.Augmentation;

/// <summary>Mixes each example, inputs and targets, with another of the batch, whose weight is uniform from 0 to this.</summary>
/// <remarks>
/// Source: Zhang, Cisse, Dauphin, Lopez-Paz 2018, "mixup: beyond empirical risk minimization", equation in section 2. There the weight is one of a Beta distribution; a
/// uniform one times the strength is smooth in the strength, and 0 of it is no mixing.
/// </remarks>
/// <param name="Largest">The largest strength.</param>
/// <param name="Classes">How many classes there are where targets are their numbers; null: targets are numbers of their own.</param>
internal sealed record MixUp(double Largest, int? Classes) : AugmentationOperation("mixup", Largest, 0.5)
{
    public override Examples Apply(Examples examples, torch.Tensor strength, Draws draws)
    {
        var weight = draws.Uniform(examples.Count) * strength;
        var others = draws.Order(examples.Count);
        var targets = Numbers(examples);
        return new Examples(Mixed(examples.Inputs, others, weight), Mixed(targets, others, weight));
    }

    private torch.Tensor Numbers(Examples examples)
    {
        var targets = examples.Targets;
        if (targets.is_floating_point()) return targets;
        if (Classes is not { } classes || targets.dim() != 1)
        {
            throw new ArgumentException($"The targets are whole numbers ({targets.dtype}, shape [{string.Join(", ", targets.shape)}]), which cannot be mixed; say how many classes they stand for, "
                + "MixUp(classes: 10), and give one a example, or give them as floating-point numbers.");
        }

        if (targets.numel() > 0 && (Lowest: targets.min().to(torch.ScalarType.Int64).item<long>(), Highest: targets.max().to(torch.ScalarType.Int64).item<long>()) is var (lowest, highest) && (lowest < 0 || highest >= classes))
            throw new ArgumentException($"The targets are class numbers from {lowest} to {highest}, MixUp(classes: {classes}) takes 0 to {classes - 1}; say how many classes there are.");
        return torch.nn.functional.one_hot(targets.to(torch.ScalarType.Int64), classes).to(examples.Inputs.dtype);
    }

    private static torch.Tensor Mixed(torch.Tensor values, torch.Tensor others, torch.Tensor weight)
        => values + weight.reshape([weight.shape[0], .. Enumerable.Repeat(1L, (int)values.dim() - 1)]) * (values.index_select(0, others) - values);
}
