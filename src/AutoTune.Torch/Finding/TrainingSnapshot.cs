using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AutoTune.Torch.Finding;

/// <summary>A network, its optimizer and libtorch's random state as they are, to be given back after steps that were only a test.</summary>
/// <remarks>The random state is that of the CPU; that of a GPU is set anew by each epoch of a trial.</remarks>
internal sealed class TrainingSnapshot : IDisposable
{
    private readonly nn.Module _net;
    private readonly OptimizerHelper? _optimizer;
    private readonly bool _wasTraining;
    private readonly List<(Tensor Of, Tensor Copy)> _tensors;
    private readonly List<(Parameter Of, Tensor? Gradient)> _gradients;
    private readonly byte[]? _optimizerState;
    private readonly Tensor _random;

    public TrainingSnapshot(nn.Module net, OptimizerHelper? optimizer)
    {
        (_net, _optimizer, _wasTraining) = (net, optimizer, net.training);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var parameters = net.parameters().Concat(optimizer?.parameters() ?? []).DistinctBy(parameter => parameter.Handle).ToList();
        _tensors = [.. parameters.Concat(net.buffers()).Select(tensor => (tensor, tensor.detach().clone().DetachFromDisposeScope()))];
        _gradients = [.. parameters.Select(parameter => (parameter, parameter.grad?.clone().DetachFromDisposeScope()))];
        _random = get_rng_state().DetachFromDisposeScope();
        if (optimizer is null) return;
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        optimizer.save_state_dict(writer);
        writer.Flush();
        _optimizerState = stream.ToArray();
    }

    /// <summary>Gives everything back.</summary>
    public void Restore()
    {
        using (no_grad())
        using (NewDisposeScope())
        {
            foreach (var (tensor, copy) in _tensors) tensor.copy_(copy);
            foreach (var (parameter, gradient) in _gradients)
            {
                if (gradient is null || parameter.grad is null) parameter.grad = gradient?.clone();
                else parameter.grad.copy_(gradient);
            }
        }

        if (_optimizer is not null)
        {
            using var scope = NewDisposeScope();
            using var reader = new BinaryReader(new MemoryStream(_optimizerState!));
            _optimizer.load_state_dict(reader);
            // TorchSharp makes some of the state anew, such as SGD's momentum: it is the optimizer's, and outlives the scope of whoever called.
            scope.Detach([.. scope.DisposablesView]);
        }

        _net.train(_wasTraining);
        set_rng_state(_random);
    }

    public void Dispose()
    {
        foreach (var (_, copy) in _tensors) copy.Dispose();
        foreach (var (_, gradient) in _gradients) gradient?.Dispose();
        _random.Dispose();
    }
}
