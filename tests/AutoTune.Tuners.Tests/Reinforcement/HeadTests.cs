using AutoTune.Tuners.Reinforcement;

namespace AutoTune.Tuners.Tests.Reinforcement;

[TestClass]
public sealed class HeadTests
{
    [TestMethod]
    [DataRow(0.3)]
    [DataRow(0.0)]
    [DataRow(1.0)]
    [DataRow(double.NaN)]
    public void OrderedLikelihood_OfAllThatCanBeDrawn_AddsUpToOne(double best)
    {
        const int Points = 20_000;
        var slot = Slot(builder => builder.AddReal("x", 0, 1));
        for (var seed = 0; seed < 5; seed++)
        {
            var head = Ordered(seed, best);
            var sum = Math.Exp(head.LogLikelihood(slot.BinOf(0), 0, default)) + Math.Exp(head.LogLikelihood(slot.BinOf(1), 0, default));
            for (var i = 0; i < Points; i++) sum += Math.Exp(head.LogLikelihood(slot.BinOf((i + 0.5) / Points), 0, default)) / Points;
            Assert.AreEqual(1, sum, 1e-4, $"seed {seed}");
        }
    }

    [TestMethod]
    public void OrderedLikelihood_OfWholeNumbers_AddsUpToOne()
    {
        foreach (var scale in new[] { Scale.Linear, Scale.Log })
        {
            var slot = Slot(builder => builder.AddInteger("n", 1, 300, scale));
            var head = Ordered(1, 0.2);
            var sum = 0.0;
            for (var level = 0; level < 300; level++) sum += Math.Exp(head.LogLikelihood(slot.BinOf(slot.Encoded.UnitOfLevel(level)), 0, default));
            Assert.AreEqual(1, sum, 1e-9, $"{scale}");
        }
    }

    [TestMethod]
    public void OrderedSample_DrawnOften_FallsAsItsLikelihoodSays()
    {
        const int Draws = 40_000, Bins = 10;
        var slot = Slot(builder => builder.AddInteger("n", 1, Bins));
        var head = Ordered(4, 0.9);
        var counts = new double[Bins];
        var random = new RandomSource(1);
        for (var i = 0; i < Draws; i++) counts[Math.Min((int)(head.Sample(random) * Bins), Bins - 1)]++;
        for (var level = 0; level < Bins; level++)
        {
            var p = Math.Exp(head.LogLikelihood(slot.BinOf(slot.Encoded.UnitOfLevel(level)), 0, default));
            Assert.AreEqual(p, counts[level] / Draws, 5 * Math.Sqrt(p * (1 - p) / Draws), $"value {level}");
        }
    }

    [TestMethod]
    [DataRow(0.0, 0.0)]
    [DataRow(1.0, 0.4)]
    [DataRow(0.37, 0.4)]
    [DataRow(0.37, double.NaN)]
    public void OrderedDerivatives_AreThoseOfDifferences(double unit, double best)
    {
        var slot = Slot(builder => builder.AddReal("x", 0, 1));
        for (var seed = 0; seed < 10; seed++)
        {
            var output = Output(seed, OrderedHead.Parameters);
            Check(output, (point, gradient) => Open(point, best).LogLikelihood(slot.BinOf(unit), gradient.IsEmpty ? 0 : 1, gradient));
            Check(output, (point, gradient) => Open(point, best).Entropy(gradient.IsEmpty ? 0 : 1, gradient));
            Check(output, (point, gradient) => Open(point, best).LogLikelihood((0.2, 0.3), gradient.IsEmpty ? 0 : 1, gradient));
        }
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(2)]
    public void ChoiceDerivatives_AreThoseOfDifferences(int best)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var output = Output(seed, 5);
            Check(output, (point, gradient) => Choice(point, best).LogLikelihood(2, gradient.IsEmpty ? 0 : 1, gradient));
            Check(output, (point, gradient) => Choice(point, best).LogLikelihood(0, gradient.IsEmpty ? 0 : 1, gradient));
            Check(output, (point, gradient) => Choice(point, best).Entropy(gradient.IsEmpty ? 0 : 1, gradient));
        }
    }

    [TestMethod]
    public void Choice_DrawnOften_FallsAsItsLikelihoodSays()
    {
        const int Draws = 40_000;
        var head = Choice(Output(2, 5), 1);
        var counts = new double[4];
        var random = new RandomSource(1);
        for (var i = 0; i < Draws; i++) counts[head.Sample(random)]++;
        var sum = 0.0;
        for (var value = 0; value < 4; value++)
        {
            var p = Math.Exp(head.LogLikelihood(value, 0, default));
            sum += p;
            Assert.AreEqual(p, counts[value] / Draws, 5 * Math.Sqrt(p * (1 - p) / Draws), $"value {value}");
        }

        Assert.AreEqual(1, sum, 1e-12);
    }

    [TestMethod]
    public void Likelihood_FarBeyondWhatCanBeCalculated_StaysFinite()
    {
        var output = new double[OrderedHead.Parameters];
        for (var k = 0; k < OrderedHead.Components; k++) (output[OrderedHead.Components + k], output[2 * OrderedHead.Components + k]) = (50, -50);
        var gradient = new double[output.Length];
        Assert.IsTrue(double.IsFinite(Open(output, 0).LogLikelihood((0.5, 0.5), 1, gradient)) && double.IsFinite(Open(output, 0).Entropy(1, gradient)));
        Assert.IsTrue(Array.TrueForAll(gradient, double.IsFinite));
    }

    private delegate double Function(double[] point, Span<double> gradient);

    private static void Check(double[] output, Function function)
    {
        const double Step = 1e-5;
        var gradient = new double[output.Length];
        function(output, gradient);
        for (var i = 0; i < output.Length; i++)
        {
            double[] up = [.. output], down = [.. output];
            up[i] += Step;
            down[i] -= Step;
            var expected = (function(up, default) - function(down, default)) / (2 * Step);
            Assert.AreEqual(expected, gradient[i], 1e-6 * (1 + Math.Abs(expected)), $"output {i}");
        }
    }

    private static double[] Output(int seed, int count)
    {
        var random = new RandomSource(seed);
        return [.. Enumerable.Range(0, count).Select(i => (i / 3 == 1 ? 0.3 : 1) * random.NextGaussian())];
    }

    private static OrderedHead Ordered(int seed, double best) => Open(Output(seed, OrderedHead.Parameters), best);

    private static OrderedHead Open(double[] output, double best)
    {
        var head = new OrderedHead();
        head.Open(output, best);
        return head;
    }

    private static ChoiceHead Choice(double[] output, int best)
    {
        var head = new ChoiceHead(4);
        head.Open(output, best);
        return head;
    }

    private static ActionSlot Slot(Action<SearchSpaceBuilder> add)
    {
        var builder = new SearchSpaceBuilder();
        add(builder);
        return new ActionSlot(builder.Build().Encoding.Dimensions[0], 0);
    }
}
