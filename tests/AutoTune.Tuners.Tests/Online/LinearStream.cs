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
        private static readonly int[] Horizons = [4, 16, 64];
        private readonly double[] _weights;
        private readonly double[][] _means;
        private readonly int[] _ages;

        public Model(LinearLearner learner, Configuration configuration, double[] weights, double[][]? means = null, int[]? ages = null)
        {
            (_learner, _rate, _weights) = (learner, configuration.Get(learner._rate), weights);
            (_means, _ages) = (means ?? [.. Horizons.Select(_ => new double[weights.Length])], ages ?? new int[Horizons.Length]);
            learner.Live++;
        }

        public double[] Predict((double[][] X, double[] Y) batch) => [.. batch.X.Select(row => LinearStream.Dot(_weights, row))];

        public int Means => Horizons.Length;

        public double[] PredictAveraged((double[][] X, double[] Y) batch, int mean) => [.. batch.X.Select(row => LinearStream.Dot(_means[mean], row))];

        public void Renew(int mean)
        {
            (mean == 0 ? _weights : _means[mean - 1]).CopyTo(_means[mean], 0);
            _ages[mean] = mean == 0 ? 1 : _ages[mean - 1];
        }

        public void Learn((double[][] X, double[] Y) batch, RandomSource random)
        {
            for (var i = 0; i < batch.Y.Length; i++)
            {
                var error = LinearStream.Dot(_weights, batch.X[i]) - batch.Y[i];
                for (var j = 0; j < _weights.Length; j++) _weights[j] -= 2 * _rate * error * batch.X[i][j];
            }

            for (var k = 0; k < Horizons.Length; k++)
            {
                var share = 1.0 / Math.Min(++_ages[k], Horizons[k]);
                for (var j = 0; j < _weights.Length; j++) _means[k][j] += share * (_weights[j] - _means[k][j]);
            }
        }

        public IOnlineModel<(double[][] X, double[] Y), double[]> Copy(Configuration configuration) => new Model(_learner, configuration, [.. _weights], [.. _means.Select(mean => mean.ToArray())], [.. _ages]);

        public void Save(BinaryWriter writer)
        {
            foreach (var age in _ages) writer.Write(age);
            foreach (var weight in _weights.Concat(_means.SelectMany(mean => mean))) writer.Write(weight);
        }

        public void Load(BinaryReader reader)
        {
            for (var k = 0; k < _ages.Length; k++) _ages[k] = reader.ReadInt32();
            foreach (var weights in (double[][])[_weights, .. _means])
            {
                for (var j = 0; j < weights.Length; j++) weights[j] = reader.ReadDouble();
            }
        }

        public void Dispose() => _learner.Live--;
    }
}
