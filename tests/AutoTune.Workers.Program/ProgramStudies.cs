using AutoTune.Testing;

namespace AutoTune.Workers.Program;

/// <summary>The studies of this program, for tests that run one and have this program as its workers.</summary>
public static class ProgramStudies
{
    private static readonly SearchSpaceBuilder Space = new();
    private static readonly Hyperparameter<double> X = Space.AddReal("x", -1, 1);
    private static readonly Hyperparameter<int> Width = Space.AddInteger("width", 1, 1000, Scale.Log);
    private static readonly Hyperparameter<string> Kind = Space.AddCategorical("kind", ["a", "b"]);
    private static readonly Hyperparameter<double> Depth = Space.AddReal("depth", 0, 1, activeWhen: Kind.Is("a"));

    /// <summary>Where this program is.</summary>
    public static string Path => System.IO.Path.Combine(AppContext.BaseDirectory, typeof(ProgramStudies).Assembly.GetName().Name + ".dll");

    public static StudyBuilder Conformance => new StudyBuilder("conformance").WithSearchSpace(ConformanceObjective.Space);

    /// <summary>A study whose objective behaves as told.</summary>
    public static StudyBuilder Toy(string name = "toy") => new StudyBuilder(name).WithSearchSpace(Space).WithSeed(5);

    /// <summary>A study that declares its space in the objective.</summary>
    public static StudyBuilder Declaring => new StudyBuilder("declaring").WithSeed(5);

    /// <summary>A value that depends on everything that is to be the same in every process.</summary>
    public static TrialValues Mixed(ITrialContext trial)
    {
        var x = trial.Configuration.Get(X);
        var value = x * x + Math.Log(trial.Configuration.Get(Width)) + (trial.Configuration.TryGet(Depth, out var depth) ? depth : 2) + 0.01 * trial.Random.NextDouble();
        if (trial.Id.Number % 7 == 3) throw new InvalidOperationException($"{trial.Id} was to fail");
        for (var step = 1; step <= 3; step++)
        {
            if (!trial.Report(step, value + 1.0 / step).IsContinue) break;
        }

        return new TrialValues(value).With("first", trial.Random.NextDouble()).With("nothing", double.NaN);
    }

    public static double Declares(ITrialContext trial)
    {
        var x = trial.Real("x", -1, 1);
        return trial.Categorical("kind", "a", "b") == "a" ? x * x + trial.Integer("width", 1, 100, Scale.Log) : trial.Real("depth", 0, 1) + trial.Random.NextDouble();
    }
}
