using AutoTune.Tuners.Numerics;

namespace AutoTune.Quality.Gradients;

/// <summary>A smooth loss over real hyperparameters that tells its gradient.</summary>
/// <param name="Name">Its name in tables.</param>
/// <param name="Space">What may be varied, real hyperparameters only.</param>
/// <param name="Loss">The loss at their values, and writes the derivatives by them.</param>
/// <param name="Minimum">The lowest loss; null if it is not known.</param>
internal sealed record GradientProblem(string Name, SearchSpace Space, SmoothFunction Loss, double? Minimum)
{
    private const int Starts = 10, MaxEvaluations = 500;

    /// <summary>What trials are told instead of the loss and its gradient; null: the truth.</summary>
    public MeasuringError? Error { get; init; }

    /// <summary>The loss of a configuration, with its gradient if wanted.</summary>
    public TrialValues Evaluate(Configuration configuration, bool withGradient)
    {
        double[] values = [.. configuration.Values.Select(value => (double)value.Value)], gradient = new double[values.Length];
        var result = new TrialValues(Loss(values, gradient));
        for (var j = 0; withGradient && j < values.Length; j++) result = result.WithGradient(Space.Hyperparameters[j], gradient[j]);
        return result;
    }

    /// <summary>What a trial is told of a configuration.</summary>
    public TrialValues Measure(Configuration configuration, bool withGradient)
    {
        var truth = Evaluate(configuration, withGradient);
        return Error is { } error ? error.Apply(Space, configuration, truth) : truth;
    }

    /// <summary>The minimum, or where it is not known the best loss that many descents find, each far longer than a study.</summary>
    public double BestKnown()
    {
        if (Minimum is { } known) return known;
        var d = Space.Hyperparameters.Length;
        double[] low = new double[d], high = new double[d];
        high.AsSpan().Fill(1);
        var minimizer = new BoxMinimizer(d);
        var random = new RandomSource(0).Fork("reference");
        var best = double.PositiveInfinity;
        for (var start = 0; start < Starts; start++)
        {
            var unit = new double[d];
            for (var j = 0; j < d && start > 0; j++) unit[j] = random.NextDouble();
            if (start == 0) Space.Encoding.Encode(Space.Default, unit, []);
            best = Math.Min(best, minimizer.Minimize(InTheUnitCube, unit, low, high, MaxEvaluations, 1e-9));
        }

        return best;
    }

    private double InTheUnitCube(ReadOnlySpan<double> unit, Span<double> gradient)
    {
        var configuration = Space.Encoding.Decode(unit);
        var values = Evaluate(configuration, withGradient: true);
        Spaces.SpaceEncodingExtensions.EncodeGradient(Space.Encoding, configuration, values.Gradient, gradient);
        return values.Value;
    }
}
