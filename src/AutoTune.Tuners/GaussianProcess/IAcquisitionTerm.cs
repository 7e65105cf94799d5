namespace AutoTune.Tuners.GaussianProcess;

/// <summary>A summand of the acquisition: the logarithm of the expected improvement, of the chance to meet requirements, of the price in time.</summary>
internal interface IAcquisitionTerm
{
    /// <summary>Adds the term at several points.</summary>
    /// <param name="features">The points' columns, one point after the other (m c).</param>
    /// <param name="values">What is added to (m).</param>
    void AddTo(ReadOnlySpan<double> features, Span<double> values);

    /// <summary>The term at one point; adds its derivatives by the point's columns.</summary>
    double At(ReadOnlySpan<double> features, Span<double> gradient);
}
