using System.Collections.Immutable;
using AutoTune.Torch;
using AutoTune.Torch.Optimizers;

namespace AutoTune;

/// <summary>The optimizers that a search may choose from, the first being the default: <c>o => o.AdamW().Sgd()</c>.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class OptimizerChoices
{
    private OptimizerChoices(ImmutableArray<OptimizerKind> kinds) => Kinds = kinds;

    internal static OptimizerChoices None { get; } = new([]);

    internal ImmutableArray<OptimizerKind> Kinds { get; }

    /// <summary>Stochastic gradient descent with momentum, "SGD".</summary>
    /// <param name="options">What is searched; null: the defaults.</param>
    public OptimizerChoices Sgd(SgdOptions? options = null) => With((options ?? new()).Kind);

    /// <summary>AdamW, Adam with decoupled weight decay.</summary>
    /// <param name="options">What is searched; null: the defaults.</param>
    public OptimizerChoices AdamW(AdamWOptions? options = null) => With((options ?? new()).Kind);

    /// <summary>RMSProp.</summary>
    /// <param name="options">What is searched; null: the defaults.</param>
    public OptimizerChoices RmsProp(RmsPropOptions? options = null) => With((options ?? new()).Kind);

    /// <summary>Prodigy, an Adam that finds its learning rate itself: see <see cref="AutoTune.Prodigy"/>.</summary>
    /// <param name="options">What is searched; null: the defaults.</param>
    public OptimizerChoices Prodigy(ProdigyOptions? options = null) => With((options ?? new()).Kind);

    /// <summary>DoG, gradient descent that finds its learning rate itself: see <see cref="AutoTune.Dog"/>.</summary>
    /// <param name="options">What is searched; null: the defaults.</param>
    public OptimizerChoices Dog(DogOptions? options = null) => With((options ?? new()).Kind);

    internal static OptimizerChoices Of(Func<OptimizerChoices, OptimizerChoices> choose, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(choose);
        var choices = choose(None);
        return choices.Kinds.IsEmpty ? throw new ArgumentException($"'{name}' has no optimizer to choose from; name at least one: o => o.AdamW().", nameof(choose)) : choices;
    }

    private OptimizerChoices With(OptimizerKind kind)
        => Kinds.Any(other => other.Name == kind.Name)
            ? throw new ArgumentException($"'{kind.Name}' is named twice; an optimizer is one choice: widen its ranges instead.")
            : new OptimizerChoices(Kinds.Add(kind));
}
