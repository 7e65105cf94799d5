using AutoTune.Spaces;

namespace AutoTune.Tuners.CmaEs;

/// <summary>How large the next run is: its population and first step size, by the rules of IPOP and BIPOP.</summary>
/// <remarks>
/// BIPOP (Hansen 2009, "Benchmarking a BI-population CMA-ES on the BBOB-2009 function testbed", section 2): of large runs, whose population
/// doubles, and small ones the kind comes next that has had fewer trials. A small run has a population of
/// lambda (large / (2 lambda))^(u^2) and a step size of sigma 10^(-2 v), u and v uniform. Not thread-safe.
/// </remarks>
internal sealed class RestartPlan(CmaEsOptions options, int firstPopulation)
{
    private const int MaxDoublings = 9; // Hansen 2009
    private readonly int _first = firstPopulation;
    private int _doublings;
    private long _largeTrials, _smallTrials;
    private bool _isSmall;

    public int Population { get; private set; } = firstPopulation;

    public double Sigma { get; private set; } = options.InitialSigma;

    /// <summary>Goes on to the next run.</summary>
    /// <param name="trials">How many trials the last one had.</param>
    /// <param name="random">The randomness.</param>
    public void Next(long trials, RandomSource random)
    {
        // The first run belongs to neither kind.
        if (_doublings > 0 && _isSmall) _smallTrials += trials;
        else if (_doublings > 0) _largeTrials += trials;

        _isSmall = options.Restarts == CmaEsRestarts.Bipop && _doublings > 0 && _smallTrials < _largeTrials;
        if (!_isSmall)
        {
            _doublings = Math.Min(_doublings + 1, MaxDoublings);
            Population = _first << _doublings;
            Sigma = options.InitialSigma;
            return;
        }

        var u = random.NextDouble();
        var exponent = PortableMath.Log(0.5 * (1 << _doublings)) * u * u;
        Population = Math.Max(4, (int)(_first * PortableMath.Exp(exponent)));
        Sigma = options.InitialSigma * PortableMath.Exp(-2 * PortableMath.Log(10) * random.NextDouble());
    }
}
