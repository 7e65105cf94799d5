using AutoTune.Spaces;

namespace AutoTune.Tuners.LearningCurves;

/// <summary>The scale on which curves are modelled: straight where good trials end, logarithmic far away from it.</summary>
/// <param name="Centre">The median of last losses.</param>
/// <param name="Width">Twice how far last losses are from it: in the median, or the best tenth, where many trials fail alike.</param>
/// <remarks>
/// asinh((loss - centre) / width). A monotone scale leaves chances as they are; this one keeps a diverging trial, or the loss of an untrained
/// model, from ruling the fit. Any finite loss has a place on it.
/// </remarks>
internal readonly record struct CurveScale(double Centre, double Width)
{
    private const double Wide = 2; // chosen: nearly straight over what good trials differ by
    private const double Furthest = 1e150; // where squares still hold

    /// <summary>From last losses.</summary>
    /// <param name="last">The last losses; sorted on return.</param>
    /// <param name="all">All losses: where the last ones agree, these give the width.</param>
    public static CurveScale Of(Span<double> last, Span<double> all)
    {
        var centre = MedianOf(last);
        var good = centre - last[last.Length / 10];
        foreach (ref var loss in last) loss = Math.Abs(loss - centre);
        var width = Math.Max(MedianOf(last), good);
        if (!(width > 0))
        {
            foreach (ref var loss in all) loss = Math.Abs(loss - centre);
            width = MedianOf(all);
            if (!(width > 0)) width = all[^1];
        }

        return new CurveScale(centre, double.IsFinite(width) && width > 0 ? Wide * width : 1);
    }

    /// <summary>The place of a loss.</summary>
    public double Bend(double loss)
    {
        var x = Math.Clamp((loss - Centre) / Width, -Furthest, Furthest);
        // asinh, through log1p's argument on the positive side alone: no cancellation.
        var size = Math.Abs(x);
        var bent = size < 1e-4 ? size * (1 - size * size / 6) : PortableMath.Log(size + Math.Sqrt(size * size + 1));
        return x < 0 ? -bent : bent;
    }

    /// <summary>The loss at a place.</summary>
    public double Unbend(double place)
    {
        var size = Math.Min(Math.Abs(place), 340);
        var x = size < 1e-4 ? size * (1 + size * size / 6) : 0.5 * (PortableMath.Exp(size) - PortableMath.Exp(-size));
        return Centre + Width * (place < 0 ? -x : x);
    }

    private static double MedianOf(Span<double> values)
    {
        values.Sort();
        return values.Length == 0 ? 0 : values[(values.Length - 1) / 2];
    }
}
