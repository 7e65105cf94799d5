namespace AutoTune;

/// <summary>A step of a learning-rate range test.</summary>
/// <param name="Rate">The learning rate.</param>
/// <param name="Loss">The loss of the batch before the step at this rate.</param>
/// <param name="Smoothed">The losses so far, smoothed.</param>
public readonly record struct LearningRatePoint(double Rate, double Loss, double Smoothed);
