using Microsoft.ML;

namespace AutoTune.MLNet.Online;

/// <summary>Makes live linear models, and measures them by the trainer's own loss.</summary>
internal sealed class LinearOnlineLearner(MLContext context, OnlineTrainer trainer) : IOnlineLearner<LabelledRows, double[]>
{
    public MLContext Context => context;

    public OnlineTrainer Trainer => trainer;

    public IOnlineModel<LabelledRows, double[]> Create(Configuration configuration, RandomSource random) => new LinearOnlineModel(this, configuration, null);

    public double[] Mix(IReadOnlyList<(double[] Output, double Weight)> outputs)
    {
        var mixed = new double[outputs[0].Output.Length];
        foreach (var (output, weight) in outputs)
        {
            for (var i = 0; i < mixed.Length; i++) mixed[i] += weight * output[i];
        }

        return mixed;
    }

    public double Loss(double[] output, LabelledRows batch)
    {
        var sum = 0.0;
        for (var i = 0; i < output.Length; i++) sum += trainer.Loss((float)output[i], batch.Labels[i]);
        return sum / output.Length;
    }
}
