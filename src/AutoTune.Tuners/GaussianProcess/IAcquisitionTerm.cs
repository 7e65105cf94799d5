namespace AutoTune.Tuners.GaussianProcess;

/// <summary>What is added to the logarithm of the expected improvement: the price of a trial, the chance that it meets a requirement.</summary>
internal interface IAcquisitionTerm
{
    /// <summary>Adds the term at several points.</summary>
    /// <param name="features">The points' columns, one point after the other (m c).</param>
    /// <param name="values">What is added to (m).</param>
    void AddTo(ReadOnlySpan<double> features, Span<double> values);

    /// <summary>The term at one point; adds its derivatives by the point's columns.</summary>
    double At(ReadOnlySpan<double> features, Span<double> gradient);
}
