namespace AutoTune.Tuners.PopulationTraining;

/// <summary>The frame of a population: how many train, for how long, how often they are compared.</summary>
/// <param name="Size">How many trials.</param>
/// <param name="Steps">The steps of a whole training.</param>
/// <param name="Interval">The steps between comparisons.</param>
/// <param name="Quantile">The share that is given up.</param>
internal sealed record PopulationPlan(int Size, int Steps, int Interval, double Quantile)
{
    /// <summary>The step up to which a trial that stands at <paramref name="step"/> is trained next.</summary>
    public int BudgetAfter(int step) => (int)Math.Min(Steps, ((long)step / Interval + 1) * Interval);

    /// <summary>How many of <paramref name="count"/> trials are given up, and how many are copied: never more than half.</summary>
    public int Share(int count) => Math.Min((int)Math.Ceiling(Quantile * count), count / 2);

    /// <summary>The plan of a study that has no <see cref="Problems"/>.</summary>
    public static PopulationPlan Of(StudyBuilder study, int size, int? steps, int? interval, double quantile)
    {
        var whole = steps ?? study.Steps!.Count;
        return new PopulationPlan(size, whole, interval ?? Math.Max(1, whole / 10), quantile);
    }

    /// <summary>What a population lacks, from what was said to the verb and to the study.</summary>
    /// <param name="study">The study, all said.</param>
    /// <param name="verb">The verb, for the messages.</param>
    /// <param name="steps">The steps of a training; null: as the study says.</param>
    /// <param name="interval">The steps between comparisons; null: a tenth.</param>
    /// <param name="canResume">Whether the objective writes checkpoints; null: as the study says.</param>
    public static IEnumerable<string> Problems(StudyBuilder study, string verb, int? steps, int? interval, bool? canResume)
    {
        if ((steps ?? study.Steps?.Count) is not { } count)
            yield return $"{verb} needs to know how many steps a training has; say WithEpochs(50, canResume: true), or set Steps in its options.";
        else if (count < 2)
            yield return FormattableString.Invariant($"{verb} compares trials on their way, and {count} step has none; it takes at least 2.");
        else if (interval >= count)
            yield return FormattableString.Invariant($"{verb}: Interval {interval} must be below the {count} steps of a training; nobody would be compared before the end. Leave it out for a tenth of them.");
        if (steps > study.Steps?.Count)
            yield return FormattableString.Invariant($"{verb}: Steps {steps} must be at most the {study.Steps.Count} steps that a whole trial has; leave Steps out for all of them.");
        if (study.Steps is { Kind: not StepKind.Epochs } other)
        {
            yield return $"{verb} copies the weights of half trained models, and the steps of this study are {(other.Kind == StepKind.Repeats ? "repeats" : "samples")}; "
                + "say WithEpochs if they are steps of one training, or use another scheduler.";
        }
        else if (!(canResume ?? study.Steps?.CanResume ?? false))
        {
            yield return $"{verb} has trials go on from checkpoints, and nothing says that the objective writes them; "
                + "say WithEpochs(50, canResume: true) or CanResume in its options if it saves one when it is asked to pause.";
        }
    }
}
