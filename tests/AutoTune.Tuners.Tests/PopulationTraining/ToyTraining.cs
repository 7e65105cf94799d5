using AutoTune.Spaces;

namespace AutoTune.Tuners.Tests.PopulationTraining;

/// <summary>
/// Stochastic gradient descent on a quadratic with noisy gradients, as what it does to the expected loss: v becomes (1 - rate)^2 v + rate^2, from 100. The
/// best rate is v / (v + 1): near 1 at first, falling with one over the steps; after 50 steps that reaches 0.02, the best constant 0.05.
/// </summary>
internal sealed class ToyTraining : IDisposable
{
    public const int Steps = 50;
    private readonly string _folder = Directory.CreateTempSubdirectory("autotune-test-").FullName;

    public ToyTraining()
    {
        var space = new SearchSpaceBuilder();
        Rate = space.AddReal("rate", 1e-3, 1, Scale.Log);
        Space = space.Build();
    }

    public Hyperparameter<double> Rate { get; }

    public SearchSpace Space { get; }

    /// <summary>The loss of the best constant rate, found on a fine grid.</summary>
    public static double BestConstant => Enumerable.Range(0, 10_000).Min(i => Whole(_ => PortableMath.Exp(-7 * i / 10_000.0)));

    public static double Whole(Func<int, double> rate)
    {
        var loss = 100.0;
        for (var step = 1; step <= Steps; step++) loss = After(loss, rate(step));
        return loss;
    }

    public StudyBuilder Study(string name = "toy") => new StudyBuilder(name).WithSearchSpace(Space).WithSeed(1).WithEpochs(Steps, canResume: true).SaveArtifactsIn(Path.Combine(_folder, name));

    public double Train(ITrialContext trial)
    {
        var loss = 100.0;
        if (trial.ResumeAfterStep > 0)
        {
            using var read = new BinaryReader(trial.Artifacts.OpenCheckpoint());
            loss = read.ReadDouble();
        }

        for (var step = trial.ResumeAfterStep + 1; step <= (trial.Budget ?? Steps); step++)
        {
            loss = After(loss, trial.Configuration.Get(Rate));
            var directive = trial.Report(step, loss);
            if (directive.Action == DirectiveAction.Pause) trial.Artifacts.WriteCheckpoint(step, file => file.Write(BitConverter.GetBytes(loss)));
            if (!directive.IsContinue) break;
        }

        return loss;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static double After(double loss, double rate) => (1 - rate) * (1 - rate) * loss + rate * rate;
}
