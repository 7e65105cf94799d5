namespace AutoTune.Kernel.Tests.Studies;

/// <summary>A small study for tests of the loop: one real number and one choice.</summary>
internal static class Toy
{
    public static StudyBuilder Study(string name = "toy") => Study(out _, out _, name);

    public static StudyBuilder Study(out Hyperparameter<double> x, out Hyperparameter<string> kind, string name = "toy")
    {
        var space = new SearchSpaceBuilder();
        x = space.AddReal("x", -1, 1);
        kind = space.AddCategorical("kind", ["a", "b"]);
        return new StudyBuilder(name).WithSearchSpace(space);
    }

    public static double Value(ITrialContext trial)
    {
        var x = (double)trial.Configuration.Values[0].Value;
        return x * x + (trial.Configuration.Values[1].Text == "a" ? 0 : 1);
    }

    /// <summary>What a trial is, times aside.</summary>
    public static string Essence(Trial trial) => $"{trial.Id}: {trial.Configuration} {trial.Origin} {trial.State} {trial.Loss:R} [{string.Join(", ", trial.Reports)}]";

    /// <summary>What a fact is, time aside.</summary>
    public static string Essence(StudyEvent studyEvent)
        => studyEvent is StudyCreated created ? $"{created.Name} {created.Seed} {created.Goal}" : (studyEvent with { At = default }).ToString();
}
