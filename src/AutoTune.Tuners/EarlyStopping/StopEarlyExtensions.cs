using AutoTune.Scheduling;
using AutoTune.Tuners.EarlyStopping;
using AutoTune.Tuners.LearningCurves;
using AutoTune.Tuners.Racing;

namespace AutoTune;

/// <summary>The verb that ends hopeless trials early.</summary>
public static class StopEarlyExtensions
{
    private const int Third = 3, Ninth = 9;
    private const int Opening = 27; // trials, with one step in as many: a bracket of 9 was no better than none (decision 27)
    private const int LeastOpenings = 4; // chosen: where trials are counted, at least three quarters of them come after the opening, whose trials count, too
    private const double Doubt = 0.03, DoubtWithoutOpening = 0.1; // decision 27

    /// <summary>
    /// Ends trials early where their first steps show that they will not be the best, by the means that suit the steps of this study:
    /// <list type="bullet">
    /// <item>repeats (<c>WithRepeats</c>; the folds of a cross-validation say so themselves): racing, an anytime-valid test fold by fold
    /// that gives up only improvements too small for the folds to tell from noise (<see cref="RacingOptions.Indifference"/>);</item>
    /// <item>epochs (<c>WithEpochs</c>) of trainings that resume (<c>canResume: true</c>; TorchSharp trainings do): one whole trial, then 27 trials with a 27th of
    /// the steps, of which the best third goes on to three times as many, and so on; from then on a trial is compared with others after a third of its
    /// steps, and, from the eighth completed trial on, stopped only if the chance to beat the best is below .03, by the curves of this study's trials; one in eight is never stopped;</item>
    /// <item>epochs of trainings that do not resume, or have fewer than 27, or of a study of few trials: comparison from a ninth of the steps on, until eight trials have completed, and then after a
    /// third, where a chance below .1 stops;</item>
    /// <item>growing samples (<c>WithSamples</c>): a ninth of the data, where that has proved in this study to tell good from bad; otherwise all of them;</item>
    /// <item>steps of which nothing is said: a forecast of each learning curve, once five trials have completed.</item>
    /// </list>
    /// Each stopped or paused trial says why: <see cref="TrialOutcome.Stopped"/>, <see cref="TrialPaused"/>. A study without reports runs every trial to its end.
    /// </summary>
    /// <param name="study">The study; it may be said before or after what its steps are.</param>
    public static T StopEarly<T>(this T study) where T : StudyBuilder => study.UseScheduler(_ => For(study.Steps, study.TrialLimit));

    private static IScheduler For(TrialSteps? steps, int? trialLimit) => steps switch
    {
        { Kind: StepKind.Repeats } => new RacingScheduler(new RacingOptions()),
        { Kind: StepKind.Epochs } => ForEpochs(steps, trialLimit),
        { Kind: StepKind.Samples, Count: > 1 } => new TrustedShare(steps.Count, First(steps.Count)),
        _ => new CurveScheduler(new CurvePredictionOptions(), steps?.Count),
    };

    private static IScheduler ForEpochs(TrialSteps steps, int? trialLimit)
    {
        if (!steps.CanResume || steps.Count < Opening || trialLimit < LeastOpenings * Opening)
            return new GuardedHalving(new AshaOptions { MinBudget = First(steps.Count) }, steps.Count, DoubtWithoutOpening, Third * First(steps.Count));
        return new HyperbandOptions { MinBudget = steps.Count / Opening }.CreateOpening(steps.Count, trialLimit,
            new GuardedHalving(new AshaOptions { MinBudget = (steps.Count + Third - 1) / Third }, steps.Count, Doubt));
    }

    private static int First(int count) => Math.Max(1, count / Ninth);
}
