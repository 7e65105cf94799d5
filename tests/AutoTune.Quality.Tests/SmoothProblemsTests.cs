using AutoTune.Quality.Gradients;

namespace AutoTune.Quality.Tests;

[TestClass]
public sealed class SmoothProblemsTests
{
    public static IEnumerable<object[]> Problems => SmoothProblems.All.Select((of, number) => new object[] { of(3).Name, number });

    [TestMethod]
    [DynamicData(nameof(Problems))]
    public void Loss_OfEachProblem_HasTheGradientOfFiniteDifferences(string name, int number)
    {
        var problem = SmoothProblems.All[number](3);
        var random = new RandomSource(1);
        for (var draw = 0; draw < 5; draw++)
        {
            var at = problem.Space.Sample(random);
            var gradient = problem.Evaluate(at, withGradient: true).Gradient;
            foreach (var (hyperparameter, value) in at.Values)
            {
                var step = 1e-4 * Math.Abs((double)value); // the minimum of the training loss is found to 12 digits only
                var slope = (LossAt((double)value + step) - LossAt((double)value - step)) / (2 * step);
                Assert.AreEqual(slope, gradient[hyperparameter.Name], 1e-3 * (1e-3 + Math.Abs(slope)) + 1e-12 / step, $"{name}, {hyperparameter.Name}");

                double LossAt(double x) => problem.Evaluate(problem.Space.Configure(set =>
                {
                    foreach (var other in at.Values) set.Set(other.Hyperparameter.Name, other.Hyperparameter == hyperparameter ? x : other.Value);
                }), withGradient: false).Value;
            }
        }
    }
}
