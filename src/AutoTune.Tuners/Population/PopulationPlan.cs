namespace AutoTune.Tuners.Population;

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

    /// <summary>The plan of a study, from what was said to the verb and to the study.</summary>
    /// <exception cref="StudyDefinitionException">The number of steps is not known, or trials cannot go on from checkpoints.</exception>
    public static PopulationPlan Of(StudyBuilder study, string verb, int size, int? steps, int? interval, bool? canResume, double quantile)
    {
        List<string> problems = [];
        if ((steps ?? study.Steps?.Count) is not { } count)
            problems.Add($"{verb} needs to know how many steps a training has; say WithEpochs(50, canResume: true), or set Steps in its options.");
        else if (count < 2)
            problems.Add($"{verb} compares trials on their way, and {count} step has none; it takes at least 2.");
        if (study.Steps is { Kind: not StepKind.Epochs } other)
            problems.Add($"{verb} copies the weights of half trained models, and the steps of this study are {(other.Kind == StepKind.Repeats ? "repeats" : "samples")}; say WithEpochs if they are steps of one training, or use another scheduler.");
        else if (!(canResume ?? study.Steps?.CanResume ?? false))
            problems.Add($"{verb} has trials go on from checkpoints, and nothing says that the objective writes them; say WithEpochs(50, canResume: true) or CanResume in its options if it saves one when it is asked to pause.");
        if (problems.Count > 0) throw new StudyDefinitionException(study.Name, problems);
        var whole = steps ?? study.Steps!.Count;
        return new PopulationPlan(size, whole, interval ?? Math.Max(1, whole / 10), quantile);
    }
}
