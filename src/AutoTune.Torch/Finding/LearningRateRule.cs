namespace AutoTune.Torch;

/// <summary>How a learning rate is read off the curve of a range test.</summary>
public enum LearningRateRule
{
    /// <summary>The middle of the longest way down of the smoothed loss, on the rates' log scale, from where a fifth of its fall is behind: hardly moved by bumps. The default, after fastai's rule of this name, which counts from the first rate.</summary>
    Valley,

    /// <summary>Where the smoothed loss falls fastest by the rate's logarithm.</summary>
    Steepest,

    /// <summary>A tenth of the rate at which the smoothed loss is lowest.</summary>
    MinimumOverTen,
}
