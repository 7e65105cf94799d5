using TorchSharp;

namespace AutoTune.Torch.Augmentation;

/// <summary>One way to alter a batch, by as much as its strength says.</summary>
/// <param name="Name">Its name, that of its hyperparameter too.</param>
/// <param name="Largest">The strength that the search goes up to.</param>
/// <param name="Limit">The strength above which it makes no sense.</param>
internal abstract record AugmentationOperation(string Name, double Largest, double Limit)
{
    /// <summary>How many dimensions the inputs must have at least, the first for the examples.</summary>
    public virtual int Dimensions => 2;

    /// <summary>Alters a batch. It never changes the tensors that it is given.</summary>
    /// <param name="examples">The batch.</param>
    /// <param name="strength">A scalar on the batch's device; where the operation is smooth in it, gradients flow back to it.</param>
    /// <param name="draws">This operation's random numbers for this batch.</param>
    public abstract Examples Apply(Examples examples, torch.Tensor strength, Draws draws);
}
