namespace AutoTune.Tuners.Portfolio;

/// <summary>A tuner whose model can say how well it would have predicted the trials that it knows.</summary>
internal interface ILeftOutPredictor
{
    /// <summary>
    /// For each trial told, in the order told, the loss that the model expects there when that trial is left out: by leave-one-out, out of
    /// bag or by folds. Only their order counts, so any increasing scale will do; NaN where there is no prediction. Empty while there is
    /// no model. Changes nothing that a later ask could see.
    /// </summary>
    double[] PredictLeftOut();
}
