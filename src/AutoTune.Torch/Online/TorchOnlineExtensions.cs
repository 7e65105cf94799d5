using AutoTune.Torch.Online;
using AutoTune.Torch.Training;
using AutoTune.Tuners.Online;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AutoTune;

/// <summary>Networks that learn from a stream while their hyperparameters are adapted.</summary>
public static class TorchOnlineExtensions
{
    /// <summary>
    /// Adapts a network's optimizer while it learns from a stream that may change:
    /// <c>using var live = space.TuneOnline(() => new Net(), optimizer, (output, target) => nn.functional.mse_loss(output, target)); foreach (var (x, y) in stream) live.Learn(x, y);</c>
    /// </summary>
    /// <param name="space">The space, all said; its hyperparameters are those of the optimizer. Those of the architecture cannot change on the way.</param>
    /// <param name="create">Makes a network with fresh weights, the same layers each time.</param>
    /// <param name="optimizer">The optimizer with its hyperparameters: <c>space.AddOptimizer("optimizer", o => o.Sgd())</c>. After a drift its learning rate is raised, unless <see cref="OnlineOptions.Raised"/> says otherwise.</param>
    /// <param name="loss">The mean loss of a batch, of outputs and targets. Outputs are averaged: convex in them, such as squared errors or cross entropy of logits.</param>
    /// <param name="options">How many networks live, and how they are judged; null: the defaults.</param>
    /// <param name="device">Where networks live; null: the CPU. Batches belong there, too.</param>
    /// <exception cref="ArgumentException">The space is empty, or an option is of another space.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static LiveNetwork TuneOnline(this SearchSpaceBuilder space, Func<nn.Module<Tensor, Tensor>> create, TunableOptimizer optimizer, Func<Tensor, Tensor, Tensor> loss,
        OnlineOptions? options = null, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(optimizer);
        var built = space.Build();
        options ??= new OnlineOptions();
        if (options.Raised.IsDefaultOrEmpty) options = options with { Raised = [.. optimizer.LearningRatesOf(built)] };
        return Live(built, create, (configuration, net) => optimizer.Create(configuration, net.parameters()), loss, options, device);
    }

    /// <summary>Adapts a network while it learns from a stream that may change, with an optimizer of your own: <c>(configuration, net) => optim.SGD(net.parameters(), configuration.Get(rate))</c>.</summary>
    /// <param name="space">The space, all said. Hyperparameters of the architecture cannot change on the way.</param>
    /// <param name="create">Makes a network with fresh weights, the same layers each time.</param>
    /// <param name="optimizer">Makes the optimizer of a configuration for a network. Name its learning rate in <see cref="OnlineOptions.Raised"/>, so that it is raised after a drift.</param>
    /// <param name="loss">The mean loss of a batch, of outputs and targets. Outputs are averaged: convex in them, such as squared errors or cross entropy of logits.</param>
    /// <param name="options">How many networks live, and how they are judged; null: the defaults.</param>
    /// <param name="device">Where networks live; null: the CPU. Batches belong there, too.</param>
    /// <exception cref="ArgumentException">The space is empty, or an option is of another space.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static LiveNetwork TuneOnline(this SearchSpaceBuilder space, Func<nn.Module<Tensor, Tensor>> create, Func<Configuration, nn.Module<Tensor, Tensor>, OptimizerHelper> optimizer,
        Func<Tensor, Tensor, Tensor> loss, OnlineOptions? options = null, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        return Live(space.Build(), create, optimizer, loss, options, device);
    }

    private static LiveNetwork Live(SearchSpace space, Func<nn.Module<Tensor, Tensor>> create, Func<Configuration, nn.Module<Tensor, Tensor>, OptimizerHelper> optimizer,
        Func<Tensor, Tensor, Tensor> loss, OnlineOptions? options, Device? device)
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(loss);
        TorchLibrary.Load();
        FreedNumberException.Avoid();
        return new LiveNetwork(new OnlineTuner<TensorBatch, Tensor>(space, new TorchOnlineLearner(create, optimizer, loss, device ?? CPU), options));
    }
}
