using AutoTune;
using AutoTune.Torch;

namespace SpokenWords;

/// <summary>What is searched. The defaults are what one writes without looking: AdamW at 1e-3, a constant rate, no augmentation.</summary>
internal sealed class SpeechSpace
{
    public SearchSpaceBuilder Builder { get; } = new();

    public SpeechSpace()
    {
        Width = Builder.AddOrdered("width", [8, 12, 16, 24], defaultValue: 16);
        Head = Builder.AddCategorical("head", ["flat", "mean", "GRU"]);
        HasNorm = Builder.AddBoolean("batch norm");
        Dropout = Builder.AddReal("dropout", 0, 0.6, defaultValue: 0.25);
        BatchSize = Builder.AddOrdered("batch", [16, 32, 64], defaultValue: 32);
        Smoothing = Builder.AddReal("label smoothing", 0, 0.2, defaultValue: 0);
        Optimizer = Builder.AddOptimizer("optimizer", o => o.AdamW(new AdamWOptions { LearningRate = new(3e-4, 1e-2, Scale.Log, 1e-3), WeightDecay = 1e-2 }));
        Schedule = Builder.AddLearningRateSchedule("schedule", s => s.Constant().Cosine(new DecayOptions { WarmUpShare = 0.05 }).OneCycle(new OneCycleOptions { PeakPosition = 0.3 }));
        Augmentation = Builder.AddAudioAugmentation("augment", a => a.TimeShift(0.2).Noise(0.5).TimeMask(0.5).FrequencyMask(0.5).Together());
    }

    public Hyperparameter<int> Width { get; }

    /// <summary>What follows the convolutions: all they give, its mean over time, or a recurrent layer along time.</summary>
    public Hyperparameter<string> Head { get; }

    public Hyperparameter<bool> HasNorm { get; }

    public Hyperparameter<double> Dropout { get; }

    public Hyperparameter<int> BatchSize { get; }

    public Hyperparameter<double> Smoothing { get; }

    public TunableOptimizer Optimizer { get; }

    public TunableSchedule Schedule { get; }

    public TunableAugmentation Augmentation { get; }
}
