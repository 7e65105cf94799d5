using AutoTune.Testing;

namespace AutoTune.Kernel.Tests.Problems;

[TestClass]
public sealed class TestProblemsTests
{
    public static IEnumerable<object[]> All => TestProblems.All.Select(problem => new object[] { problem });

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Evaluate_AtTheOptimum_GivesTheMinimum(TestProblem problem) => Assert.AreEqual(problem.Minimum, problem.Evaluate(problem.Optimum), 1e-9);

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Evaluate_AtRandom_IsNeverBelowTheMinimum(TestProblem problem)
    {
        var random = new RandomSource(1);
        for (var i = 0; i < 20_000; i++) Assert.IsGreaterThanOrEqualTo(-1e-12, problem.Regret(problem.Space.Sample(random)));
    }

    [TestMethod]
    public void Branin_AllThreeMinima_AreEqual()
    {
        foreach (var (x, y) in new[] { (-Math.PI, 12.275), (Math.PI, 2.275), (9.42477796076938, 2.475) })
            Assert.AreEqual(0.39788735772973816, TestProblems.Branin.Evaluate(TestProblems.Branin.Space.Configure(set => set.Set("x", x).Set("y", y))), 1e-12);
    }

    [TestMethod]
    public void Conditional_EachTrainerAtItsDefaults_LooksBetterThanTheBestOne()
    {
        double At(string trainer) => TestProblems.Conditional.Evaluate(TestProblems.Conditional.Space.Configure(set => set.Set("trainer", trainer)));
        Assert.IsLessThan(At("network"), At("linear"));
        Assert.IsLessThan(At("network"), At("trees"));
    }
}
