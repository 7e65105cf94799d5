using AutoTune;
using AutoTune.Torch;

namespace FashionImages;

/// <summary>What is searched. The defaults are what one writes without looking: AdamW at 1e-3, a constant rate, no augmentation.</summary>
internal sealed class FashionSpace
{
    public SearchSpaceBuilder Builder { get; } = new();

    public FashionSpace()
    {
        Width = Builder.AddOrdered("width", [8, 12, 16, 24, 32], defaultValue: 16);
        HasNorm = Builder.AddBoolean("batch norm");
        Dropout = Builder.AddReal("dropout", 0, 0.5, defaultValue: 0.25);
        BatchSize = Builder.AddOrdered("batch", [32, 64, 128], defaultValue: 64);
        Smoothing = Builder.AddReal("label smoothing", 0, 0.2, defaultValue: 0);
        Optimizer = Builder.AddOptimizer("optimizer", o => o.AdamW(new AdamWOptions { LearningRate = new(3e-4, 2e-2, Scale.Log, 1e-3), WeightDecay = 1e-2 }));
        Schedule = Builder.AddLearningRateSchedule("schedule", s => s.Constant().Cosine(new DecayOptions { WarmUpShare = 0.05 }).OneCycle(new OneCycleOptions { PeakPosition = 0.3 }));
        Augmentation = Builder.AddImageAugmentation("augment", a => a.Flip(0.5).Shift(0.1).CutOut(0.4).Together());
    }

    /// <summary>Channels of the first block; the second has twice as many.</summary>
    public Hyperparameter<int> Width { get; }

    public Hyperparameter<bool> HasNorm { get; }

    public Hyperparameter<double> Dropout { get; }

    public Hyperparameter<int> BatchSize { get; }

    public Hyperparameter<double> Smoothing { get; }

    public TunableOptimizer Optimizer { get; }

    public TunableSchedule Schedule { get; }

    public TunableAugmentation Augmentation { get; }
}
