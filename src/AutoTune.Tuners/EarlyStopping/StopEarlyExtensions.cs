using AutoTune.Scheduling;
using AutoTune.Tuners.EarlyStopping;
using AutoTune.Tuners.LearningCurves;
using AutoTune.Tuners.Racing;

namespace AutoTune;

/// <summary>The verb that ends hopeless trials early.</summary>
public static class StopEarlyExtensions
{
    private const int Ninth = 9;
    private const double Doubt = 0.1;

    /// <summary>
    /// Ends trials early where their first steps show that they will not be the best, by the means that suit the steps of this study:
    /// <list type="bullet">
    /// <item>repeats (<c>WithRepeats</c>; the folds of a cross-validation say so themselves): racing, an anytime-valid test fold by fold
    /// whose loss is below what the folds can tell from noise (<see cref="RacingOptions.Indifference"/>);</item>
    /// <item>epochs (<c>WithEpochs</c>): successive halving from a ninth of the steps on, whose verdict stands only if the chance to beat the best is
    /// below a tenth, by the curves of this study's trials; one trial in eight is never stopped;</item>
    /// <item>growing samples (<c>WithSamples</c>): a ninth of the data, where that has proved in this study to tell good from bad; otherwise all of them;</item>
    /// <item>steps of which nothing is said: a forecast of each learning curve, once five trials have completed.</item>
    /// </list>
    /// Each stopped or paused trial says why: <see cref="TrialOutcome.Stopped"/>, <see cref="TrialPaused"/>. A study without reports runs every trial to its end.
    /// </summary>
    /// <param name="study">The study; it may be said before or after what its steps are.</param>
    public static T StopEarly<T>(this T study) where T : StudyBuilder => study.UseScheduler(_ => For(study.Steps));

    private static IScheduler For(TrialSteps? steps) => steps switch
    {
        { Kind: StepKind.Repeats } => new RacingScheduler(new RacingOptions()),
        { Kind: StepKind.Epochs } => new GuardedHalving(new AshaOptions { MinBudget = First(steps.Count) }, steps.Count, Doubt),
        { Kind: StepKind.Samples, Count: > 1 } => new TrustedShare(steps.Count, First(steps.Count)),
        _ => new CurveScheduler(new CurvePredictionOptions(), steps?.Count),
    };

    private static int First(int count) => Math.Max(1, count / Ninth);
}
