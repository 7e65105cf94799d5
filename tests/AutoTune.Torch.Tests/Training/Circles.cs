using TorchSharp.Modules;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AutoTune.Torch.Training;

/// <summary>A small network with dropout that learns which points lie within a circle: a training of milliseconds with everything that has state.</summary>
internal sealed class Circles(Hyperparameter<double>? rate) : TorchTrainable
{
    private Sequential _net = null!;
    private optim.Optimizer _optimizer = null!;
    private Tensor _x = null!;
    private Tensor _y = null!;
    private RandomSource _random = null!;
    private TorchTrial _trial = null!;

    /// <summary>How many epochs were trained in all.</summary>
    public static int EpochsTrained;

    /// <summary>In which epoch the next training fails; 0: in none.</summary>
    public static int FailsAt;

    public int Width { get; init; } = 8;

    /// <summary>Makes the optimizer, and keeps it; null: AdamW at the rate.</summary>
    public Func<TorchTrial, IEnumerable<Parameter>, optim.Optimizer>? Optimizer { get; init; }

    /// <summary>Called before each step with its number, counted from 0.</summary>
    public Action<optim.Optimizer, int>? BeforeStep { get; init; }

    public static SearchSpaceBuilder Space(out Hyperparameter<double> rate)
    {
        var space = new SearchSpaceBuilder();
        rate = space.AddReal("rate", 1e-3, 1e-1, Scale.Log);
        return space;
    }

    public Tensor Predict(Tensor points) => _net.call(points);

    public override void Setup(TorchTrial trial)
    {
        _trial = trial;
        _random = trial.Random;
        _net = trial.Keep("net", Sequential(("hidden", Linear(2, Width)), ("tanh", Tanh()), ("dropout", Dropout(.1)), ("out", Linear(Width, 1))).to(trial.Device));
        _optimizer = Optimizer?.Invoke(trial, _net.parameters()) ?? trial.KeepOptimizer("optimizer", optim.AdamW(_net.parameters(), trial.Configuration.Get(rate!)));
        var points = new RandomSource(1);
        var values = Enumerable.Range(0, 128).Select(_ => (float)points.NextGaussian()).ToArray();
        _x = tensor(values, device: trial.Device).reshape(64, 2);
        _y = (_x.square().sum(1, keepdim: true) < 1).to(ScalarType.Float32);
    }

    public override void TrainEpoch(int epoch)
    {
        EpochsTrained++;
        if (epoch == FailsAt)
        {
            FailsAt = 0;
            throw new IOException("The power went out.");
        }

        _net.train();
        var order = Enumerable.Range(0, 64).Select(i => (long)i).ToArray();
        _random.Fork("order", epoch).Shuffle(order.AsSpan());
        var step = (epoch - 1) * 4;
        foreach (var batch in order.Chunk(16))
        {
            using var scope = NewDisposeScope();
            BeforeStep?.Invoke(_optimizer, step++);
            var rows = tensor(batch, device: _trial.Device);
            _trial.Descend(functional.binary_cross_entropy_with_logits(_net.call(_x.index_select(0, rows)), _y.index_select(0, rows)), _optimizer);
        }
    }

    public override double Validate()
    {
        _net.eval();
        using var none = no_grad();
        return functional.binary_cross_entropy_with_logits(_net.call(_x), _y).item<float>();
    }
}
