using System.Collections.Immutable;
using AutoTune.Tuners.Hybrid;

namespace AutoTune;

/// <summary>
/// A sequence of tuners: <c>h.Start(s => s.UseQuasiRandom(), HandOver.After(10)).Then(s => s.UseBayesian(), HandOver.Stuck()).Then(s => s.UseGradient())</c>.
/// </summary>
/// <remarks>
/// A stage is a tuner, chosen by the verb that a study would choose it by, or several that take turns or share trials by their record. All learn from all trials. A stage whose tuners have
/// nothing to propose, or fail, is passed over for the next. Immutable and thread-safe.
/// </remarks>
public sealed class HybridPlan
{
    private HybridPlan(ImmutableArray<HybridStage> stages) => Stages = stages;

    internal static HybridPlan Empty { get; } = new([]);

    internal ImmutableArray<HybridStage> Stages { get; }

    /// <summary>What is searched by where no plan is given: Bayesian search, then gradients where trials tell them, then both in turns.</summary>
    /// <remarks>Steps leave alone what is not a continuum, so there the model has longer to find the right one (decision 32).</remarks>
    internal static HybridPlan For(SearchSpace space)
    {
        var share = space.Encoding.Dimensions.Any(dimension => dimension.Levels is not (null or 1)) ? 0.75 : 0.5;
        return Empty
            .Start(study => study.UseBayesian(), HandOver.Stuck().Or(HandOver.AtShare(share)).And(HandOver.GradientsTold()))
            .Then(study => study.UseGradient(), HandOver.Stuck(6))
            .Alternate(study => study.UseBayesian(), study => study.UseGradient());
    }

    /// <summary>The first stage.</summary>
    /// <param name="tuner">The verb of its tuner.</param>
    /// <param name="until">When the next takes over; null: when it has nothing more to propose.</param>
    /// <exception cref="ArgumentException">There is a first stage already.</exception>
    public HybridPlan Start(Func<StudyBuilder, StudyBuilder> tuner, HandOver? until = null)
    {
        if (!Stages.IsEmpty) throw new ArgumentException($"The plan has {Stages.Length} stages already; say Then for the next.", nameof(tuner));
        return Alternate(until, tuner);
    }

    /// <summary>The next stage.</summary>
    /// <param name="tuner">The verb of its tuner.</param>
    /// <param name="until">When the next takes over; null: when it has nothing more to propose.</param>
    public HybridPlan Then(Func<StudyBuilder, StudyBuilder> tuner, HandOver? until = null) => Alternate(until, tuner);

    /// <summary>The next stage, of several tuners that take turns: the next trial is that of the one with the fewest, the first among equals.</summary>
    /// <param name="tuners">The verbs of its tuners.</param>
    public HybridPlan Alternate(params Func<StudyBuilder, StudyBuilder>[] tuners) => Alternate(null, tuners);

    /// <summary>The next stage, of several tuners that take turns: the next trial is that of the one with the fewest, the first among equals.</summary>
    /// <param name="until">When the next stage takes over; null: when none has anything more to propose.</param>
    /// <param name="tuners">The verbs of its tuners.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public HybridPlan Alternate(HandOver? until, params Func<StudyBuilder, StudyBuilder>[] tuners)
        => Add(tuners, until, isBandit: false);

    /// <summary>
    /// The next stage, of several tuners among whom trials are shared by what each has shown: as in <c>UsePortfolio</c> the next trial is that of the one furthest behind its share, and
    /// shares follow how well a tuner's model would have predicted this study's trials and how many of the latest improvements it found.
    /// </summary>
    /// <param name="tuners">The verbs of its tuners.</param>
    public HybridPlan Bandit(params Func<StudyBuilder, StudyBuilder>[] tuners) => Bandit(null, tuners);

    /// <inheritdoc cref="Bandit(Func{StudyBuilder, StudyBuilder}[])"/>
    /// <param name="until">When the next stage takes over; null: when none has anything more to propose.</param>
    /// <param name="tuners">The verbs of its tuners.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public HybridPlan Bandit(HandOver? until, params Func<StudyBuilder, StudyBuilder>[] tuners) => Add(tuners, until, isBandit: true);

    private HybridPlan Add(Func<StudyBuilder, StudyBuilder>[] tuners, HandOver? until, bool isBandit)
    {
        ArgumentNullException.ThrowIfNull(tuners);
        if (tuners.Length == 0) throw new ArgumentException("A stage has no tuner; give at least one verb, such as study => study.UseBayesian().", nameof(tuners));
        foreach (var tuner in tuners) ArgumentNullException.ThrowIfNull(tuner, nameof(tuners));
        return new HybridPlan(Stages.Add(new HybridStage([.. tuners], until, isBandit)));
    }
}
