using System.Collections.Immutable;
using AutoTune.Tuners.Hybrid;
using AutoTune.Tuners.Portfolio;

namespace AutoTune;

/// <summary>The verb that makes a study search by one tuner after the other.</summary>
public static class HybridExtensions
{
    /// <summary>
    /// Searches by one tuner after the other, or in turns: <c>study.UseHybrid(h => h.Start(s => s.UseQuasiRandom(), HandOver.After(10)).Then(s =>
    /// s.UseBayesian(), HandOver.Stuck()).Then(s => s.UseGradient()))</c>. All learn from all trials.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="plan">
    /// The stages; null: Bayesian search, and where trials tell gradients <c>UseGradient</c> from when twenty trials found nothing better or half of the trials are used, three
    /// quarters where there are hyperparameters other than real ones; when six steps found nothing better, both in turns.
    /// </param>
    /// <exception cref="ArgumentException">The plan has no stage, or a verb gives null.</exception>
    /// <remarks>
    /// A trial keeps its tuner as <see cref="Trial.Origin"/>, its stage as the note <c>stage</c>, and why it is that one's turn as the note <c>because</c>. Of a
    /// verb only the tuner counts. Of a tuner that is itself made of several, the origin is both, such as <c>portfolio > forest</c>. The same tuner twice is two, which learn alike.
    /// </remarks>
    public static T UseHybrid<T>(this T study, Func<HybridPlan, HybridPlan>? plan = null)
        where T : StudyBuilder
    {
        if (plan is null) return study.UseTuner("hybrid", (space, random) => Create(HybridPlan.For(space), space, random, study));
        var made = plan(HybridPlan.Empty);
        if (made is null || made.Stages.IsEmpty) throw new ArgumentException("The plan of UseHybrid has no stage; begin it with h.Start(study => study.UseBayesian()).", nameof(plan));
        // Each verb is tried here, so that what it says against its options is said now.
        if (made.Stages.SelectMany(stage => stage.Tuners).Any(verb => verb(new StudyBuilder(study.Name)) is null))
            throw new ArgumentException("A verb of UseHybrid's plan gives no study back; give the verb alone, such as study => study.UseBayesian().", nameof(plan));
        return study.UseTuner("hybrid", (space, random) => Create(made, space, random, study));
    }

    internal static HybridTuner Create(HybridPlan plan, SearchSpace space, RandomSource random, StudyBuilder study)
    {
        var number = 0;
        var names = new HashSet<string>(StringComparer.Ordinal); // membership only
        return new HybridTuner([.. plan.Stages.Select(stage => (stage.Tuners.Select(MemberOf).ToImmutableArray(), stage.Until, stage.IsBandit))], study.TrialLimit, study.Steps);

        Member MemberOf(Func<StudyBuilder, StudyBuilder> verb)
        {
            // The limits of the study, as set when it opens: tuners ask for them.
            var alone = new StudyBuilder(study.Name);
            if (study.TrialLimit is { } trials) alone.ForTrials(trials);
            if (study.TimeLimit is { } time) alone.ForAtMost(time);
            if (study.Steps is { } steps) alone.WithSteps(steps);
            var chosen = verb(alone);
            number++;
            var name = names.Add(chosen.TunerName) ? chosen.TunerName : FormattableString.Invariant($"{chosen.TunerName} ({number})");
            names.Add(name);
            try
            {
                return new Member(name, chosen.Tuner(space, random), 1);
            }
            catch (Exception error)
            {
                // It is passed over, as one that fails later.
                return new Member(name, new CannotBegin(error), 1);
            }
        }
    }
}
