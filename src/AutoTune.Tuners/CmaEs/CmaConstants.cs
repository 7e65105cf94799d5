using AutoTune.Spaces;

namespace AutoTune.Tuners.CmaEs;

/// <summary>What follows from the number of coordinates and the population: recombination weights and learning rates.</summary>
/// <remarks>
/// <code>
/// n         ordered coordinates
/// lambda    trials in a generation
/// Weights   by rank, best first: positive ones sum to 1, negative ones push the covariance away from the worse half     lambda
/// MuEff     variance effective selection mass of the positive weights
/// CSigma    decay of the step size's path            Damping   of the step size
/// CPath     decay of the covariance's path           COne, CMu learning rates of the rank-one and the rank-mu update
/// ChiN      expected length of a standard normal vector
/// </code>
/// Formulas and constants: Hansen 2016, "The CMA evolution strategy: a tutorial" (arXiv:1604.00772), table 1. Immutable.
/// </remarks>
internal sealed class CmaConstants
{
    private const double AlphaCov = 2; // table 1

    public CmaConstants(int coordinates, int population)
    {
        double n = Math.Max(1, coordinates);
        Population = population;
        Weights = new double[population];
        double positive = 0, positiveSquares = 0, negative = 0, negativeSquares = 0;
        for (var i = 0; i < population; i++)
        {
            var weight = PortableMath.Log((population + 1) / 2.0) - PortableMath.Log(i + 1); // equation 49
            Weights[i] = weight;
            if (weight >= 0) (positive, positiveSquares) = (positive + weight, positiveSquares + weight * weight);
            else (negative, negativeSquares) = (negative - weight, negativeSquares + weight * weight);
        }

        MuEff = positive * positive / positiveSquares;
        var muEffNegative = negative * negative / negativeSquares;
        CPath = (4 + MuEff / n) / (n + 4 + 2 * MuEff / n); // 56
        COne = AlphaCov / ((n + 1.3) * (n + 1.3) + MuEff); // 57
        CMu = Math.Min(1 - COne, AlphaCov * (0.25 + MuEff + 1 / MuEff - 2) / ((n + 2) * (n + 2) + AlphaCov * MuEff / 2)); // 58
        CSigma = (MuEff + 2) / (n + MuEff + 5); // 55
        Damping = 1 + 2 * Math.Max(0, Math.Sqrt((MuEff - 1) / (n + 1)) - 1) + CSigma;
        ChiN = Math.Sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));

        // 50 to 53: the negative weights may not make the covariance lose its positive definiteness.
        var limit = Math.Min(1 + COne / CMu, Math.Min(1 + 2 * muEffNegative / (MuEff + 2), (1 - COne - CMu) / (n * CMu)));
        for (var i = 0; i < population; i++) Weights[i] *= Weights[i] >= 0 ? 1 / positive : limit / negative;
    }

    public int Population { get; }

    public double[] Weights { get; }

    public double MuEff { get; }

    public double CPath { get; }

    public double COne { get; }

    public double CMu { get; }

    public double CSigma { get; }

    public double Damping { get; }

    public double ChiN { get; }
}
