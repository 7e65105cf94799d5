using AutoTune.Spaces;

namespace AutoTune.Tuners.Online;

/// <summary>How much say each live model has: AdaHedge, with losses that fade.</summary>
/// <remarks>
/// <code>
/// l_i      the loss of model i on a batch, less the champion's, in units of the mean loss, from -1 to 1
/// L_i      f L_i + l_i                                   f = 0.8: five batches count
/// w_i      exp(-eta L_i), divided by the sum;            eta = log(n) / D for n models
/// D        f D + h - m:    h = sum w_i l_i,  m = -1/eta log sum w_i exp(-eta l_i)      the mixability gap
/// </code>
/// De Rooij, van Erven, Grünwald and Koolen 2014, "Follow the leader if you can, hedge if you must", equations 2 to 8: no rate to choose. There nothing fades, and the regret
/// to the best model is bounded; here what was long ago fades, as fits a stream that changes (Gama and others 2013), and with it the bound. The loss of the
/// weighted mean output is at most the weighted mean of the losses where the loss is convex.
/// </remarks>
internal sealed class Mixture
{
    private const double LeastWeight = 0.02; // below it a model has no say: chosen, it costs its prediction and changes nothing
    private const double Fading = 0.8;
    private const double LargestRate = 50;
    private double _gap;

    /// <summary>Writes the weights of models that stand at these faded losses; an infinite one has no say, and who would have next to none, neither.</summary>
    public void Weigh(ReadOnlySpan<double> faded, Span<double> weights)
    {
        var (rate, least) = (Rate(faded.Length), double.PositiveInfinity);
        foreach (var loss in faded) least = Math.Min(least, loss);
        var sum = 0.0;
        for (var i = 0; i < faded.Length; i++) sum += weights[i] = double.IsFinite(faded[i]) ? PortableMath.Exp(-rate * (faded[i] - least)) : 0;
        var kept = 0.0;
        for (var i = 0; i < faded.Length; i++)
        {
            if (weights[i] < LeastWeight * sum) weights[i] = 0;
            kept += weights[i];
        }

        for (var i = 0; i < faded.Length; i++) weights[i] /= kept;
    }

    /// <summary>Takes the losses of a batch.</summary>
    /// <param name="faded">L before the batch; afterwards, with it.</param>
    /// <param name="losses">l.</param>
    public void Observe(Span<double> faded, ReadOnlySpan<double> losses)
    {
        var (rate, least) = (Rate(faded.Length), double.PositiveInfinity);
        foreach (var loss in faded) least = Math.Min(least, loss);
        double sum = 0, mean = 0, mix = 0;
        for (var i = 0; i < faded.Length; i++)
        {
            var weight = PortableMath.Exp(-rate * (faded[i] - least));
            sum += weight;
            mean += weight * losses[i];
            mix += weight * PortableMath.Exp(-rate * losses[i]);
            faded[i] = Fading * faded[i] + losses[i];
        }

        _gap = Fading * _gap + Math.Max(0, mean / sum + PortableMath.Log(mix / sum) / rate);
    }

    public void Save(BinaryWriter writer) => writer.Write(_gap);

    public void Load(BinaryReader reader) => _gap = reader.ReadDouble();

    private double Rate(int count) => Math.Min(LargestRate, PortableMath.Log(Math.Max(2, count)) / Math.Max(_gap, 1e-9));
}
