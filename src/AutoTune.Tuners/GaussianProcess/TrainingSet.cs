namespace AutoTune.Tuners.GaussianProcess;

/// <summary>What a surrogate learns from: points as the kernel sees them, column by column, and their targets.</summary>
internal sealed class TrainingSet
{
    private readonly double[][] _columns;

    public TrainingSet(SpaceLayout layout, IReadOnlyList<Observation> observations, double[] targets, double[]? noise = null, double[]? drifts = null, double[]? chances = null, SlopeRows? slopes = null)
    {
        Layout = layout;
        Targets = targets;
        Noise = noise;
        Drifts = drifts;
        Chances = chances;
        Slopes = slopes;
        _columns = new double[layout.Columns][];
        for (var c = 0; c < _columns.Length; c++) _columns[c] = new double[targets.Length];
        var features = new double[layout.Columns];
        for (var i = 0; i < targets.Length; i++)
        {
            layout.Features(observations[i].Unit, observations[i].Active, features);
            observations[i].Context.CopyTo(features, features.Length - observations[i].Context.Length);
            for (var c = 0; c < features.Length; c++) _columns[c][i] = features[c];
        }
    }

    public SpaceLayout Layout { get; }

    /// <summary>How many points there are (n).</summary>
    public int Count => Targets.Length;

    /// <summary>The warped losses (n).</summary>
    public double[] Targets { get; }

    /// <summary>The variance of each target's noise, where it is given (n); null: the settings' one for all.</summary>
    public double[]? Noise { get; }

    /// <summary>The variance of what is chance in each target beside that noise, because it is a forecast from some repeats (n); null: in none.</summary>
    public double[]? Chances { get; }

    /// <summary>The variance of what is not known of each target because its trial did not reach the last step (n); null: all did.</summary>
    public double[]? Drifts { get; }

    /// <summary>Derivatives of the targets to learn from too; null: none.</summary>
    public SlopeRows? Slopes { get; }

    /// <summary>The variance of the noise of target number <paramref name="i"/>.</summary>
    /// <param name="i">The target.</param>
    /// <param name="noise">The settings' one.</param>
    public double NoiseOf(int i, double noise) => (Noise is { } given ? given[i] : noise) + (Chances?[i] ?? 0);

    /// <summary>Multiplies a row of a kernel by what drifts do to it: 1 + min(drift_i, drift_j), see <see cref="Surrogate"/>.</summary>
    /// <param name="i">The row.</param>
    /// <param name="row">Its first elements.</param>
    public void Spread(int i, Span<double> row)
    {
        if (Drifts is not { } drifts || drifts[i] == 0) return;
        for (var j = 0; j < row.Length; j++) row[j] *= 1 + Math.Min(drifts[i], drifts[j]);
    }

    /// <summary>A column (n).</summary>
    public ReadOnlySpan<double> Column(int column) => _columns[column];
}
