using AutoTune;
using Examples;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace FashionImages;

/// <summary>The training of one configuration.</summary>
internal sealed class FashionTraining(FashionSpace space, FashionData data) : TorchTrainable
{
    private TorchTrial _trial = null!;
    private Sequential _net = null!;
    private OptimizerHelper _optimizer = null!;
    private LearningRateSchedule _schedule = null!;
    private Augmenter _augmenter = null!;
    private TensorBatches _training = null!;
    private TensorBatches _validation = null!;
    private int _size;
    private double _smoothing;

    public Sequential Network => _net;

    public override void Setup(TorchTrial trial)
    {
        var configuration = trial.Configuration;
        _trial = trial;
        (_size, _smoothing) = (configuration.Get(space.BatchSize), configuration.Get(space.Smoothing));
        _training = new TensorBatches(data.TrainingInputs, data.TrainingTargets, trial.Device);
        _validation = new TensorBatches(data.ValidationInputs, data.ValidationTargets, trial.Device);
        _net = trial.Keep("net", FashionNetwork.Create(configuration.Get(space.Width), configuration.Get(space.HasNorm), configuration.Get(space.Dropout)).to(trial.Device));
        _optimizer = space.Optimizer.Create(trial, _net.parameters());
        _schedule = space.Schedule.Create(trial, _training.BatchCount(_size));
        _augmenter = space.Augmentation.Create(trial);
    }

    public override void TrainEpoch(int epoch)
    {
        _net.train();
        var step = (epoch - 1) * _training.BatchCount(_size);
        foreach (var batch in _training.Shuffled(_trial.Random.Fork("order", epoch), _size))
        {
            var (x, y) = _augmenter.Apply(batch);
            _schedule.Apply(_optimizer, step++);
            _trial.Descend(cross_entropy(_net.call(x), y, label_smoothing: _smoothing), _optimizer);
        }
    }

    public override double Validate() => Confusion(_validation).Accuracy;

    /// <summary>What the network says of some images, against what they are.</summary>
    public ConfusionMatrix Confusion(TensorBatches images)
    {
        _net.eval();
        using var none = no_grad();
        var matrix = new ConfusionMatrix(FashionData.Classes);
        foreach (var (x, y) in images.InOrder(Math.Min(500, images.Count))) matrix.Add(y.cpu().data<long>(), _net.call(x).argmax(1).cpu().data<long>());
        return matrix;
    }
}
