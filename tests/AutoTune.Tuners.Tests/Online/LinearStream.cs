namespace AutoTune.Tuners.Tests.Online;

/// <summary>Examples of a linear function with noise, whose weights change at given batches.</summary>
internal static class LinearStream
{
    public const int Features = 10, Examples = 32;

    public static IEnumerable<(double[][] X, double[] Y)> Of(int seed, int batches, params int[] drifts)
    {
        var random = new RandomSource(seed).Fork("stream");
        double[] weights = [];
        for (var at = 0; at < batches; at++)
        {
            if (at == 0 || drifts.Contains(at)) weights = Draw(random);
            var x = Enumerable.Range(0, Examples).Select(_ => Draw(random)).ToArray();
            yield return (x, [.. x.Select(row => Dot(weights, row) / Math.Sqrt(Features) + 0.1 * random.NextGaussian())]);
        }
    }

    public static double Dot(double[] one, double[] other) => one.Zip(other, (a, b) => a * b).Sum();

    private static double[] Draw(RandomSource random) => [.. Enumerable.Range(0, Features).Select(_ => random.NextGaussian())];
}

/// <summary>Least mean squares, an example at a time: the learner of the tests.</summary>
internal sealed class LinearLearner : IOnlineLearner<(double[][] X, double[] Y), double[]>
{
    private readonly Hyperparameter<double> _rate;

    public LinearLearner(double low = 1e-4, double high = 1, Action<SearchSpaceBuilder, Hyperparameter<double>>? rules = null)
    {
        var space = new SearchSpaceBuilder();
        _rate = space.AddReal("rate", low, high, Scale.Log, defaultValue: Math.Sqrt(low * high));
        rules?.Invoke(space, _rate);
        Space = space.Build();
    }

    public SearchSpace Space { get; }

    public Hyperparameter<double> Rate => _rate;

    public int Live { get; private set; }

    public IOnlineModel<(double[][] X, double[] Y), double[]> Create(Configuration configuration, RandomSource random) => new Model(this, configuration, new double[LinearStream.Features]);

    public double[] Mix(IReadOnlyList<(double[] Output, double Weight)> outputs)
        => [.. Enumerable.Range(0, outputs[0].Output.Length).Select(i => outputs.Sum(part => part.Weight * part.Output[i]))];

    public double Loss(double[] output, (double[][] X, double[] Y) batch) => output.Zip(batch.Y, (said, true_) => (said - true_) * (said - true_)).Average();

    private sealed class Model : IOnlineModel<(double[][] X, double[] Y), double[]>, IAveragedModel<(double[][] X, double[] Y), double[]>, IStoredModel
    {
        private readonly LinearLearner _learner;
        private readonly double _rate;
        private readonly double[] _weights, _mean;

        public Model(LinearLearner learner, Configuration configuration, double[] weights, double[]? mean = null)
        {
            (_learner, _rate, _weights, _mean) = (learner, configuration.Get(learner._rate), weights, mean ?? new double[weights.Length]);
            learner.Live++;
        }

        public double[] Predict((double[][] X, double[] Y) batch) => [.. batch.X.Select(row => LinearStream.Dot(_weights, row))];

        public double[] PredictAveraged((double[][] X, double[] Y) batch) => [.. batch.X.Select(row => LinearStream.Dot(_mean, row))];

        public void Learn((double[][] X, double[] Y) batch, RandomSource random)
        {
            for (var i = 0; i < batch.Y.Length; i++)
            {
                var error = LinearStream.Dot(_weights, batch.X[i]) - batch.Y[i];
                for (var j = 0; j < _weights.Length; j++) _weights[j] -= 2 * _rate * error * batch.X[i][j];
            }

            for (var j = 0; j < _mean.Length; j++) _mean[j] += 0.1 * (_weights[j] - _mean[j]);
        }

        public IOnlineModel<(double[][] X, double[] Y), double[]> Copy(Configuration configuration) => new Model(_learner, configuration, [.. _weights], [.. _mean]);

        public void Save(BinaryWriter writer) => Array.ForEach([.. _weights, .. _mean], writer.Write);

        public void Load(BinaryReader reader)
        {
            for (var j = 0; j < _weights.Length; j++) _weights[j] = reader.ReadDouble();
            for (var j = 0; j < _mean.Length; j++) _mean[j] = reader.ReadDouble();
        }

        public void Dispose() => _learner.Live--;
    }
}
