using AutoTune.Tuners.Numerics;

namespace AutoTune.Tuners.LearningCurves;

/// <summary>What is expected of a trial's loss at its last step.</summary>
/// <param name="Mean">The middle of what is expected, as a loss.</param>
/// <param name="Deviation">Half the width of the interval that holds the loss with a chance of 68 %.</param>
/// <param name="Level">The middle, on the model's scale.</param>
/// <param name="Spread">The standard deviation on the model's scale.</param>
/// <param name="Freedom">The degrees of freedom that it is worth.</param>
/// <param name="Scale">The model's scale.</param>
internal readonly record struct CurveForecast(double Mean, double Deviation, double Level, double Spread, double Freedom, CurveScale Scale)
{
    /// <summary>The chance of a lower loss than this.</summary>
    public double ChanceBelow(double loss) => NormalDistribution.Cumulative(StudentDistribution.Deviate((Scale.Bend(loss) - Level) / Spread, Freedom));
}
