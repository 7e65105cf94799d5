using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AutoTune.Torch.Control;

/// <summary>Points in rings, told apart by a small network: eight epochs of ten steps, in milliseconds.</summary>
internal sealed class Rings : IDisposable
{
    public const int Epochs = 8, Steps = 10;
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly RandomSource _order = new(2);

    public Rings(double rate, Func<IEnumerable<Parameter>, double, OptimizerHelper>? optimizer = null)
    {
        set_num_threads(1); // two wait for each other on a busy machine
        var points = new RandomSource(1);
        X = tensor(Enumerable.Range(0, 400).Select(_ => (float)points.NextGaussian()).ToArray()).reshape(200, 2);
        Y = X.square().sum(1).mul(2).to(ScalarType.Int64).clamp(0, 2);
        using (manual_seed(4)) { }
        Net = Sequential(("hidden", Linear(2, 16)), ("tanh", Tanh()), ("out", Linear(16, 3)));
        Optimizer = optimizer?.Invoke(Net.parameters(), rate) ?? optim.SGD(Net.parameters(), rate, momentum: .9);
    }

    public Sequential Net { get; }

    public OptimizerHelper Optimizer { get; }

    private Tensor X { get; }

    private Tensor Y { get; }

    public double Rate => Optimizer.ParamGroups.First().LearningRate;

    public Tensor LossOf(Tensor x, Tensor y) => functional.cross_entropy(Net.call(x), y);

    public void Epoch(int epoch, Action<Tensor> descend)
    {
        Net.train();
        foreach (var (x, y) in new TensorBatches(X, Y).Shuffled(_order.Fork("epoch", epoch), 20)) descend(LossOf(x, y));
    }

    public double Validate()
    {
        Net.eval();
        using var none = no_grad();
        return LossOf(X, Y).item<float>();
    }

    /// <summary>Trains under a controller.</summary>
    /// <returns>The loss at the end.</returns>
    public double Train(TrainingControl control, int from = 1, int to = Epochs)
    {
        var loss = double.NaN;
        for (var epoch = from; epoch <= to; epoch++)
        {
            Epoch(epoch, step => control.Descend(step));
            control.EndEpoch(loss = Validate());
        }

        return loss;
    }

    public TrainingControl Control(Func<ControlChoices, ControlChoices> choose, RandomSource? random = null) => new(Net, Optimizer, Epochs, Steps, choose, random);

    public void Dispose()
    {
        Optimizer.Dispose();
        Net.Dispose();
        _scope.Dispose();
    }
}
