namespace AutoTune.Tuners.Tests.FrugalSearch;

[TestClass]
public sealed class FrugalSearchInVirtualTimeTests
{
    private static readonly double[] Limits = [5, 10, 20]; // times what a random configuration takes

    [TestMethod]
    public async Task UseFrugalSearch_WhereTrialsTakeUpToTwoHundredTimesAsLong_LeavesAFifthLessThanRandomSearchInTheSameTime()
    {
        var ratio = 0.0;
        CostlyProblem[] problems = [CostlyProblem.Trees(), CostlyProblem.Network(), CostlyProblem.Learners()];
        foreach (var problem in problems)
        {
            var frugal = await MediansAsync(problem, study => study.UseFrugalSearch(new() { Start = problem.Cheap }));
            var random = await MediansAsync(problem, study => study.UseRandom());
            for (var i = 0; i < Limits.Length; i++) ratio += frugal[i] / random[i] / Limits.Length / problems.Length;
        }

        Assert.IsTrue(ratio < 0.8, $"{ratio}");
    }

    [TestMethod]
    public async Task UseFrugalSearch_WithATimeLimit_BeginsWithTrialsThatTakeLittle()
    {
        var problem = CostlyProblem.Trees();
        var study = new StudyBuilder("s").Minimize("loss").WithSearchSpace(problem.Space).ForTrials(10).ForAtMost(TimeSpan.FromHours(10))
            .UseFrugalSearch(new() { Start = problem.Cheap })
            .UseVirtualTime(new AutoTune.Testing.VirtualTime(), 1, (configuration, _) => TimeSpan.FromSeconds(problem.Seconds(configuration)));
        var trials = (await study.RunAsync(trial => problem.Loss(trial.Configuration))).View.Trials;
        Assert.IsTrue(trials.Average(trial => trial.Duration!.Value.TotalSeconds) < 0.5 * problem.MeanSeconds());
    }

    private static async Task<double[]> MediansAsync(CostlyProblem problem, Func<StudyBuilder, StudyBuilder> use)
    {
        const int Seeds = 11;
        var regrets = new double[Seeds][];
        for (var seed = 0; seed < Seeds; seed++) regrets[seed] = await problem.RegretAsync(use, seed, Limits);
        return [.. Limits.Select((_, i) => regrets.Select(regret => regret[i]).Order().ElementAt(Seeds / 2))];
    }
}
