using AutoTune.Torch;
using AutoTune.Torch.Declaring;
using TorchSharp;

namespace AutoTune;

/// <summary>A pruning by magnitude whose sparsity and course are searched: made by <c>space.AddPruning</c>.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class TunablePruning
{
    private readonly string _name;
    private readonly Func<Configuration, double> _sparsity;
    private readonly Func<Configuration, double> _begin;
    private readonly Func<Configuration, double> _end;

    internal TunablePruning(string name, PruningOptions options, IDeclaration declaration)
    {
        _name = name;
        if (options.Begin.High >= options.End.Low)
            throw new ArgumentOutOfRangeException(nameof(options), FormattableString.Invariant($"'{name}' begins after up to {options.Begin.High} of the training and ends from {options.End.Low} on; it must begin before it ends, whatever is searched."));
        _sparsity = declaration.Real(nameof(options.FinalSparsity), options.FinalSparsity, Bounds.BelowOne);
        (_begin, _end) = (declaration.Real(nameof(options.Begin), options.Begin, Bounds.BelowOne), declaration.Real(nameof(options.End), options.End, Bounds.PositiveFraction));
    }

    /// <summary>The pruning of the trial's configuration, over the epochs of a whole training; the trial's checkpoints keep which weights are pruned.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="net">The network, on its device.</param>
    /// <param name="stepsPerEpoch">The number of steps of an epoch, at least 1.</param>
    /// <param name="name">Its name among what the trial keeps; null: the name in the space.</param>
    /// <exception cref="ArgumentException">The network has no weights to prune, or the training is too short for the shares.</exception>
    /// <exception cref="InvalidOperationException">The training's epochs have begun, or the name is taken.</exception>
    public MagnitudePruning Create(TorchTrial trial, torch.nn.Module net, int stepsPerEpoch, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(trial);
        var steps = checked(trial.WholeEpochCount * stepsPerEpoch);
        int StepOf(Func<Configuration, double> share) => (int)Math.Round(share(trial.Configuration) * steps);
        var pruning = new MagnitudePruning(net, _sparsity(trial.Configuration), StepOf(_begin), StepOf(_end));
        trial.Keep(name ?? _name, pruning.Save, pruning.Load);
        return pruning;
    }
}
