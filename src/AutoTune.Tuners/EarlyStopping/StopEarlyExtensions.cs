using System.Collections.Immutable;
using AutoTune.Scheduling;
using AutoTune.Tuners.EarlyStopping;
using AutoTune.Tuners.LearningCurves;
using AutoTune.Tuners.Racing;

namespace AutoTune;

/// <summary>The verb that ends hopeless trials early.</summary>
public static class StopEarlyExtensions
{
    private const int Third = 3, Fifth = 5, Ninth = 9;
    private static readonly ImmutableArray<int> Opening = [12, 3, 1]; // trials that come to a fifth of the steps, to half of them, and to the end: decision 27
    private static readonly ImmutableArray<int> Lengths = [15, 2]; // trainings of a fifth of the length, and of all of it: decision 41
    private const int LeastOpenings = 4; // chosen: where trials are counted, at least three quarters of them come after the opening, whose trials count, too
    private const double Doubt = 0.03, DoubtWithoutOpening = 0.1; // decision 27

    /// <summary>
    /// Ends trials early where their first steps show that they will not be the best, by the means that suit the steps of this study:
    /// <list type="bullet">
    /// <item>repeats (<c>WithRepeats</c>; the folds of a cross-validation say so themselves): racing, an anytime-valid test fold by fold
    /// that gives up only improvements too small for the folds to tell from noise (<see cref="RacingOptions.Indifference"/>);</item>
    /// <item>epochs (<c>WithEpochs</c>) of trainings that resume (<c>canResume: true</c>; TorchSharp trainings do): 12 trials with a fifth of the steps, of which
    /// the best three go on to half of them and the best one to the end; from then on a trial is compared with others after a third of its
    /// steps, and, from the eighth completed trial on, stopped only if the chance to beat the best is below .03, by the curves of this study's trials; one in eight is never stopped.
    /// A study with a time limit, or that a rule of its own (<c>StopWhen</c>) or nothing but a cancellation ends, begins with one whole trial, so that it has a result;</item>
    /// <item>epochs of trainings that do not resume, or have fewer than five, or of a study of less than 48 trials: comparison from a ninth of the steps on, until eight trials have completed, and then after
    /// about a third, where a chance below .1 stops;</item>
    /// <item>trainings of growing length (<c>WithLengths</c>): 15 of a fifth of the length, of which the best two are trained anew in full, then two in full at once, and so on. Where epochs would begin with a whole trial, so do these;</item>
    /// <item>growing samples (<c>WithSamples</c>) of nine steps or more: as many trials on the smallest share as cost one training, 27 at most, of which the best, and the first three of the study, are then trained
    /// on all data; no such opening where <c>ForTrials</c> says less than four times as many trials. From then on all data, or a ninth of them where that has proved in this study to tell good from bad: it is tried
    /// by a dozen trials, for 3 % of the cost, once 23 have completed. Where epochs would begin with a whole trial, so do these;</item>
    /// <item>steps of which nothing is said: a forecast of each learning curve, once five trials have completed.</item>
    /// </list>
    /// Each stopped or paused trial says why: <see cref="TrialOutcome.Stopped"/>, <see cref="TrialPaused"/>. A study without reports runs every trial to its end.
    /// </summary>
    /// <param name="study">The study; it may be said before or after what its steps are.</param>
    public static T StopEarly<T>(this T study) where T : StudyBuilder => study.UseScheduler(_ => For(study));

    private static IScheduler For(StudyBuilder study) => study.Steps switch
    {
        { Kind: StepKind.Repeats } => new RacingScheduler(new RacingOptions()),
        { Kind: StepKind.Epochs, CanResume: true, Count: >= Fifth and var count } when !(study.TrialLimit < LeastOpenings * Opening[0]) => Opened(count, study),
        { Kind: StepKind.Epochs, Count: var count } => new GuardedHalving(new AshaOptions { MinBudget = First(count) }, count, DoubtWithoutOpening, Math.Min(Third * First(count), AThirdOf(count))),
        { Kind: StepKind.Lengths, Count: > 1 and var count } => new HyperbandBrackets([Math.Max(1, AFifthOf(count)), count], Lengths).CreateOpening(study.TrialLimit, MayBeCutShort(study), then: null),
        { Kind: StepKind.Samples, Count: > 1 and var count } when ShareOpening.TrialsOf(count) is >= ShareOpening.LeastTrials and var trials && !(study.TrialLimit < LeastOpenings * trials)
            => new ShareOpening(count, MayBeCutShort(study), new TrustedShare(count, First(count))),
        { Kind: StepKind.Samples, Count: > 1 and var count } => new TrustedShare(count, First(count)),
        var steps => new CurveScheduler(new CurvePredictionOptions(), steps?.Count),
    };

    private static IScheduler Opened(int count, StudyBuilder study)
        => new HyperbandBrackets([AFifthOf(count), (count + 1) / 2, count], Opening).CreateOpening(study.TrialLimit, MayBeCutShort(study),
            new GuardedHalving(new AshaOptions { MinBudget = AThirdOf(count) }, count, Doubt));

    // Most rules that end a study look at its results, so that they come after the first.
    private static bool MayBeCutShort(StudyBuilder study)
        => study.TimeLimit is not null || (study.TrialLimit is null && study.StopRules.IsEmpty) || study.StopRules.Any(rule => !rule.NeedsResult);

    private static int AFifthOf(int count) => (count + Fifth / 2) / Fifth;

    private static int AThirdOf(int count) => (count + Third - 1) / Third;

    private static int First(int count) => Math.Max(1, count / Ninth);
}
