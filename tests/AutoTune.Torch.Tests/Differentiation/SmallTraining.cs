using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AutoTune.Torch.Differentiation;

/// <summary>A network of 2-6-1 with dropout in double precision, noise on its inputs, and what training it for some steps comes to.</summary>
internal sealed class SmallTraining : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Sequential _net;
    private readonly Tensor[] _start;
    private readonly Tensor _x, _y, _validationX, _validationY;

    /// <param name="device">Where it trains; null: on the CPU. The numbers it begins with are the same.</param>
    public SmallTraining(Device? device = null)
    {
        using (manual_seed(5)) { }
        _net = Sequential(("hidden", Linear(2, 6)), ("tanh", Tanh()), ("dropout", Dropout(.2)), ("out", Linear(6, 1)));
        _net.to(ScalarType.Float64);
        _start = [.. _net.parameters().Select(parameter => parameter.detach().clone())];
        (_x, _y) = Data(24);
        (_validationX, _validationY) = Data(16);
        if (device is null) return;
        _net.to(device);
        (_start, _x, _y) = ([.. _start.Select(weight => weight.to(device))], _x.to(device), _y.to(device));
        (_validationX, _validationY) = (_validationX.to(device), _validationY.to(device));
    }

    public Tensor[] Weights => [.. _net.parameters()];

    public static Tensor Value(double value) => tensor(value, ScalarType.Float64, requires_grad: true);

    /// <summary>The problem at the weights' start, with Gaussian noise of a strength on the inputs.</summary>
    public BilevelProblem Problem(Tensor[] hyperparameters, Tensor? noise = null, Func<Tensor>? penalty = null, bool dropout = true)
    {
        using (no_grad())
        {
            foreach (var (weight, start) in Weights.Zip(_start)) weight.copy_(start);
        }

        return new BilevelProblem(Weights, hyperparameters, step => TrainingLoss(step, noise, penalty, dropout), ValidationLoss);
    }

    public Tensor TrainingLoss(int step, Tensor? noise, Func<Tensor>? penalty, bool dropout)
    {
        _net.train(dropout);
        var rows = arange(step * 8 % 24, step * 8 % 24 + 8, device: _x.device);
        var (x, y) = dropout ? (_x.index_select(0, rows), _y.index_select(0, rows)) : (_x, _y);
        if (noise is not null) x = x + noise * randn_like(x);
        var loss = functional.binary_cross_entropy_with_logits(_net.call(x), y);
        return penalty is null ? loss : loss + penalty();
    }

    public Tensor ValidationLoss()
    {
        _net.eval();
        return functional.binary_cross_entropy_with_logits(_net.call(_validationX), _validationY);
    }

    public void Dispose()
    {
        _net.Dispose();
        _scope.Dispose();
    }

    private static (Tensor X, Tensor Y) Data(int count)
    {
        var x = randn(count, 2, dtype: ScalarType.Float64);
        return (x, (x.square().sum(1, keepdim: true) + .3 * randn(count, 1, dtype: ScalarType.Float64) < 1.2).to(ScalarType.Float64));
    }
}
