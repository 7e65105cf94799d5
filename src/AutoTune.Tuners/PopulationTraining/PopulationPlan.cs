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
    public static PopulationPlan Of(StudyBuilder study, int size, int? interval, double quantile)
    {
        var whole = study.Steps!.Count;
        return new PopulationPlan(size, whole, interval ?? Math.Max(1, whole / 10), quantile);
    }

    /// <summary>What a population lacks, from what was said to the verb and to the study.</summary>
    /// <param name="study">The study, all said.</param>
    /// <param name="verb">The verb, for the messages.</param>
    /// <param name="interval">The steps between comparisons; null: a tenth.</param>
    public static IEnumerable<string> Problems(StudyBuilder study, string verb, int? interval)
    {
        if (study.Steps is not { } steps)
        {
            yield return $"{verb} needs to know how many steps a training has, and that trials go on from checkpoints; say WithEpochs(50, canResume: true).";
            yield break;
        }

        if (steps.Count < 2)
            yield return FormattableString.Invariant($"{verb} compares trials on their way, and {steps.Count} step has none; it takes at least 2.");
        else if (interval >= steps.Count)
            yield return FormattableString.Invariant($"{verb}: Interval {interval} must be below the {steps.Count} steps of a training; nobody would be compared before the end. Leave it out for a tenth of them.");
        if (steps.Kind != StepKind.Epochs)
        {
            yield return $"{verb} copies the weights of half trained models, and the steps of this study are {(steps.Kind switch { StepKind.Repeats => "repeats", StepKind.Samples => "samples", _ => "lengths, each a training of its own" })}; "
                + "say WithEpochs if they are steps of one training, or use another scheduler.";
        }
        else if (!steps.CanResume)
        {
            yield return $"{verb} has trials go on from checkpoints, and nothing says that the objective writes them; "
                + "say WithEpochs(50, canResume: true) if it saves one when it is asked to pause.";
        }
    }
}
