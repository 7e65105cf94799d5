using AutoTune.Tuners.Online;
using Microsoft.ML;

namespace AutoTune;

/// <summary>Linear models that learn from a stream while their hyperparameters are adapted.</summary>
public static class MlContextOnlineExtensions
{
    /// <summary>
    /// Adapts an online trainer while it learns from a stream that may change:
    /// <c>using var live = ml.TuneOnline(OnlineTrainer.GradientDescent("Price"), preparation); foreach (var batch in stream) live.Learn(batch);</c>
    /// </summary>
    /// <param name="ml">Your context.</param>
    /// <param name="trainer">The trainer, with what is adapted of it.</param>
    /// <param name="preparation">What makes the trainer's columns; fitted on the first batch, and kept. Null: the batches have them.</param>
    /// <param name="options">How many models live, and how they are judged; null: the defaults. After a drift the learning rate is raised, unless it says otherwise.</param>
    /// <exception cref="ArgumentException">An option is of another space.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static LiveLinearModel TuneOnline(this MLContext ml, OnlineTrainer trainer, IEstimator<ITransformer>? preparation = null, OnlineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentNullException.ThrowIfNull(trainer);
        options ??= new OnlineOptions();
        return new LiveLinearModel(ml, trainer, preparation, options.Raised.IsDefaultOrEmpty ? options with { Raised = trainer.Raised } : options);
    }
}
