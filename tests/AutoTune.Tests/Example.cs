namespace AutoTune.Tests;

/// <summary>Studies to show.</summary>
internal static class Example
{
    /// <summary>A study that was run: two reals and a choice, some trials failing if asked for.</summary>
    public static async Task<StudyResult> RunAsync(int trials = 30, bool maximize = false, bool fails = false, string name = "example")
    {
        var study = new StudyBuilder(name).ForTrials(trials).WithSeed(3);
        if (maximize) study.Maximize("accuracy");
        else study.Minimize("error");
        return await study.RunAsync(trial =>
        {
            var (rate, depth, kind) = (trial.Real("learning rate", 1e-4, 1, Scale.Log), trial.Integer("depth", 1, 20), trial.Categorical("kind", "[a]", "b"));
            if (fails && trial.Id.Number % 5 == 4) throw new InvalidOperationException("no");
            var loss = Math.Abs(Math.Log10(rate) + 2) / 4 + Math.Abs(depth - 7) / 100.0 + (kind == "b" ? 0.1 : 0);
            return maximize ? 1 - loss : loss;
        });
    }

    /// <summary>A study with trials under way: the first two completed, the third with a report.</summary>
    public static StudyView UnderWay(int running = 1)
    {
        var space = new SearchSpaceBuilder();
        space.AddReal("x", 0, 1);
        using var study = new StudyBuilder("under way").WithSearchSpace(space).WithSlots(running).Maximize("accuracy").Open();
        foreach (var value in new[] { 0.25, 0.75 }) study.Tell(study.Ask()!, value);
        for (var i = 0; i < running; i++)
        {
            var trial = study.Ask()!;
            if (i == 0) trial.Report(3, 0.5);
        }

        return study.View;
    }
}
