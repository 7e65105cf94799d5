using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Simulating;

/// <summary>A problem's fidelity as the steps of a trial.</summary>
/// <param name="Fidelity">What is varied.</param>
/// <param name="Kind">Epochs of one training, or trainings on a growing share of the data.</param>
/// <param name="Count">How many steps a full training has.</param>
internal sealed record Ladder(Fidelity Fidelity, StepKind Kind, int Count)
{
    /// <summary>Shares have three rungs below the full data by threes: 1/27, 1/9, 1/3.</summary>
    private const int Shares = 27;

    /// <summary>The steps of a problem; null if nothing can be varied.</summary>
    public static Ladder? Of(Problem problem, int? epochs = null)
    {
        if (problem.Fidelity is not { } fidelity) return null;
        if (fidelity.IsWhole) return new(fidelity, StepKind.Epochs, Math.Min(epochs ?? int.MaxValue, (int)fidelity.High));
        var count = Shares;
        while (fidelity.High / (3 * count) >= fidelity.Low) count *= 3;
        return new(fidelity, StepKind.Samples, count);
    }

    /// <summary>The fidelity of a step; a share below the lowest that the problem knows is the lowest.</summary>
    public double At(int step) => Math.Max(Fidelity.Low, Kind == StepKind.Epochs ? Math.Round(Fidelity.High * step / Count, MidpointRounding.AwayFromZero) : Fidelity.High * step / Count);

    /// <summary>What a report at this step costs, in steps: an epoch one more, a share of the data a training of its own, whatever the trial was given before.</summary>
    public double CostOf(int step) => Kind == StepKind.Epochs ? 1 : At(step) / Fidelity.High * Count;

    /// <summary>Says to the study what its steps are.</summary>
    public StudyBuilder Describe(StudyBuilder study)
        => Kind == StepKind.Epochs ? study.WithEpochs(Count, canResume: true) : study.WithSamples(Count);
}
